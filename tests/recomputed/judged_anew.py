"""Whether two answers on one site judge alike, told from their JSON alone."""

WORST_FIRST = ["prohibited", "restricted", "insufficient_data", "permitted"]


def told(answer: dict) -> tuple:
    """All of an answer that may part two judgements: nothing of versions, names or words."""
    findings = sorted(
        (
            theme["theme"], str(one["zone"]), str(one["object"]), str(one["grade_rank"]), str(one["rule"]), one["verdict"],
            round(one["overlap_m2"]), round(one["distance_m"]),
        )
        for theme in answer["themes"]
        for one in theme["findings"]
    )  # fmt: skip
    asked = sorted(one["procedure"] for one in answer["conditions"] if not one["closed"])
    return answer["verdict"], findings, sorted(answer["data_gaps"]), asked


def became_worse(before: dict, now: dict) -> bool:
    """Whether the verdict alone says so."""
    return WORST_FIRST.index(now["verdict"]) < WORST_FIRST.index(before["verdict"])
