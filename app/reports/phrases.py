"""Phrases that stand on every paper, whatever the opinion: titles, headings, what a paper is not."""

from __future__ import annotations

from typing import Final

from risk_model.message import msg

HEADING: Final = msg("选址灾害风险筛查意见(辅助研判)")
DISCLAIMER: Final = msg("筛查意见，不替代法定评估")
UNRECORDED: Final = msg("未登记，不作审查依据")
SYNTHETIC: Final = msg("演示数据(合成)")
BORDERLINE: Final = msg("临界")
PARTS: Final = msg("各分区的结论")
GAPS: Final = msg("没有资料的专题，不作判断")
CONDITIONS: Final = msg("须满足的条件")
NOTES: Final = msg("设计须注意")
UNASKED: Final = msg("规则未问及的专题")
RESPONSE: Final = msg("应急到场与进场道路")
CLASSES: Final = msg("同一范围作为各类项目的结论")
PART_CLASSES: Final = msg("只改一个分区的类别，整个地块的结论")
PLACES: Final = msg("可比选范围（供申请单位参考，不代表同意选址）")
APPENDIX: Final = msg("附录")
EVIDENCE: Final = msg("筛查依据")
COLUMNS: Final = (msg("专题"), msg("区划与实测"), msg("规则与依据"), msg("结论"))
FIRMNESS: Final = msg("边界误差敏感性")
GROUNDS: Final = msg("依据")
DETAILS: Final = msg("各项依据的局部图")
SIGNED_BY: Final = (msg("编制人"), msg("复核人"), msg("单位（盖章）"), msg("日期"))
"""Who signs on paper, and where the seal goes."""
FACT: Final = msg("事项")
TOLD: Final = msg("内容")
REGISTER: Final = msg("台账")
ISSUED_BY: Final = msg("制表")
NARROWED: Final = msg("筛选条件")
ALL_ROWS: Final = msg("无，全部记录")
ROWS: Final = msg("记录数")
PROFILE: Final = msg("使用范围")
NATURE_OF_DATA: Final = msg("数据性质")
REAL_DATA: Final = msg("正式数据")
STATEMENT: Final = msg("声明")
