"""Columns of many judged sites as plain rows, and the same rows taken from opinions."""


def rows_of(screened):
    """Rows of sites, and rows of findings by site."""
    told, found = screened.sites, screened.findings
    ladders = [tuple(zip(screened.shifts_m, row, strict=True)) for row in told.shifted.tolist()]
    severity, borderline = told.severity.tolist(), told.borderline.tolist()
    sites = zip(
        severity, borderline, ladders, told.data_gaps, told.seismic_class, told.conditions, told.notes, strict=True
    )
    numbers = (found.overlap_m2.tolist(), found.overlap_share.tolist(), found.distance_m.tolist())
    marks = (found.rule, found.severity.tolist(), found.sliver.tolist(), found.object)
    findings = zip(found.site.tolist(), found.zone, found.hazard, found.grade, *numbers, *marks, strict=True)
    return list(sites), list(findings)


def rows_told(opinions):
    """The same of opinions."""
    sites = [
        (
            one.verdict.severity,
            one.borderline,
            tuple((shift.shift_m, shift.verdict.severity) for shift in one.sensitivity),
            one.data_gaps,
            one.seismic_class,
            one.conditions,
            one.notes,
        )
        for one in opinions
    ]
    findings = [
        (number, f.zone, f.hazard, f.grade, *_measures(f), f.rule, f.verdict.severity, f.sliver, f.object)
        for number, one in enumerate(opinions)
        for theme in one.themes
        for f in theme.findings
    ]
    return sites, findings


def _measures(finding):
    return finding.overlap_m2, finding.overlap_share, finding.distance_m
