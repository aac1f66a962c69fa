"""The judgement recomputed by other code: it reads the rule files and the database itself and shares nothing with the model."""
