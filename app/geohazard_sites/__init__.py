"""The register of geohazard sites (地质灾害隐患点)."""
