"""The reading of one column: every value that was read otherwise than it was written, or not at all, is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gis_layers.exchange.delivery.report import Journal
from gis_layers.exchange.text.cell_kinds import Listed
from gis_layers.exchange.text.written import Understood, as_written, value_of, word_of_nothing
from risk_model.message import Message, msg

ReadValue = Callable[[Any], Any]

_MOST_NAMED = 200
"""Values of one column that were read otherwise are named one by one up to here; the report counts the others."""
_MEND = msg("在源数据中改正该值后重新导入")
_CHECK = msg("核对；不对则在源数据中改正后重新导入")


@dataclass(slots=True)
class Reading:
    """A column of a file on its way through a reader of values, and the journal that is told.

    ``several`` tells that a cell holds several values by its meaning, so that a list in it is no surprise. ``decisive`` tells
    that a judgement rests on the value: a feature whose cell says something nobody understands is refused.
    """

    column: str
    journal: Journal
    several: bool = False
    decisive: bool = False
    _named: int = field(default=0)
    _troubles: int = field(default=0)

    def read(self, cells: Sequence[Any], read_value: ReadValue) -> list[Any]:
        """One value a feature; None where the cell is empty, the feature refused or, with a problem noted, unreadable."""
        read: list[Any] = []
        known: dict[str, Any] = {}
        for feature, cell in enumerate(cells):
            if type(cell) is str and cell in known and feature not in self.journal.refused:
                read.append(known[cell])
                continue
            told = self._told_of
            read.append(self._one(feature, cell, read_value))
            if type(cell) is str and isinstance(read[-1], str | int | float) and self._told_of == told:
                known[cell] = read[-1]
        if self._named > _MOST_NAMED:
            more = msg(
                "「{column}」还有 {n} 个值读作与所写不同，没有逐一列出", column=self.column, n=self._named - _MOST_NAMED
            )
            self.journal.note(None, more, advice=_CHECK)
        return read

    def tell_words(self, cells: Sequence[Any]) -> None:
        """Note how often a word stood for no value, once a column."""
        words = Counter(word for cell in cells if (word := word_of_nothing(cell)) is not None)
        if words:
            told = [f"{word}×{times}" for word, times in words.most_common()]
            note = msg("「{column}」里这些写法按没有填写处理：{words}", column=self.column, words=told)
            self.journal.note(None, note, advice=_CHECK)

    def _one(self, feature: int, cell: object, read_value: ReadValue) -> Any:
        if cell is None or feature in self.journal.refused:
            return None
        try:
            value = self._told(feature, value_of(cell))
            if isinstance(value, Listed) and not self.several:
                self._tell(feature, msg("在文件里是一个列表，读作「{read}」", read=as_written(value)))
            return None if value is None else self._told(feature, read_value(value))
        except ValueError as error:
            self._trouble(feature, error)
            return None

    @property
    def _told_of(self) -> int:
        """How often a value was worth a word so far; of one that was not nothing is told where it stands again."""
        return self._named + self._troubles

    def _trouble(self, feature: int, error: ValueError) -> None:
        self._troubles += 1
        if self.decisive:
            trouble = msg("「{column}」{trouble}；不知道按什么判断，没有读入", column=self.column, trouble=error)
            self.journal.refuse(feature, trouble, advice=_MEND)
            return
        trouble = msg("「{column}」{trouble}；此值按缺失处理", column=self.column, trouble=error)
        self.journal.note(feature, trouble, advice=_MEND)

    def _told(self, feature: int, read: Any) -> Any:
        if not isinstance(read, Understood):
            return read
        for note in read.notes:
            self._tell(feature, note)
        return read.value

    def _tell(self, feature: int, note: Message) -> None:
        self._named += 1
        if self._named <= _MOST_NAMED:
            self.journal.note(feature, msg("「{column}」{how}", column=self.column, how=note), advice=_CHECK)
