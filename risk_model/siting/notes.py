"""Notes of an opinion: duties of design that follow from the place and the building, and change no verdict."""

from __future__ import annotations

from risk_model.conditions import Note
from risk_model.operators import Bilingual
from risk_model.rulebook import RuleBook
from risk_model.siting.requirements import ProjectProfile

EARTHQUAKE = "earthquake"


def notes_of(asker: ProjectProfile, rulebook: RuleBook, told: float | None) -> tuple[Note, ...]:
    """The note on seismic isolation of schools, hospitals and the like, where law names such a building.

    ``told`` is the greatest intensity of the earthquake zones of the site, None where none tells any.
    """
    isolation, terms = rulebook.isolation, rulebook.terms
    named = isolation.named(terms, asker.project_class) if isolation else ()
    if isolation is None or not named:
        return ()
    kind = next((one for one in named if one.key == asker.building_type), None)
    if kind is None and asker.building_type is not None:
        return ()
    intensity = terms.intensity if told is None else told
    where = _place(intensity, surveyed=told is not None)
    if intensity < isolation.least_intensity:
        duty = _UNCHECKED
    elif kind is not None:
        duty = Bilingual(
            f"{kind.name_zh}应采用隔震减震等技术",
            f"Seismic isolation or energy dissipation is due for this building: {kind.name_en}",
        )
    else:
        names = Bilingual("、".join(one.name_zh for one in named), "; ".join(one.name_en for one in named))
        duty = Bilingual(
            f"未说明建筑类型；属于{names.zh}的，应采用隔震减震等技术",
            f"The building type is not told; seismic isolation or energy dissipation is due where it is one of these: {names.en}",
        )
    message = Bilingual(f"{where.zh}：{duty.zh}。", f"{where.en}. {duty.en}.")
    told_by = (isolation.basis, isolation.basis_en, isolation.basis_kind, isolation.confidence)
    return (Note("isolation", message.zh, message.en, *told_by),)


_UNCHECKED = Bilingual(
    "不属高烈度设防地区；是否位于地震重点监视防御区没有资料，未核",
    "This is no area of high intensity; whether it is a key area of earthquake surveillance is not known and was not checked",
)


def _place(intensity: float, *, surveyed: bool) -> Bilingual:
    """The intensity at the site and where it comes from: the published zones, or the default of the deployment."""
    if surveyed:
        return Bilingual(
            f"用地所在地震区划的烈度为 {intensity:g} 度", f"Intensity {intensity:g} by the earthquake zone of the site"
        )
    return Bilingual(
        f"用地的烈度没有区划资料，按本县默认设防烈度 {intensity:g} 度",
        f"No zone tells the intensity of the site; the deployment's default of {intensity:g} is taken",
    )
