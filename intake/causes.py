"""The closed list of causes: what each code does to a file or cell, and what the sender is told.

Here belong codes, outcomes and Chinese texts, nothing that decides whether a cause is given. In a text
`{raw}` stands for what was read (shortened), `{detail}` for particulars; both may be empty.
"""

from typing import NamedTuple

QUARANTINED, REFUSED, HELD, NOTED = "quarantined", "refused", "held", "noted"
BLANK, DUPLICATE = "blank", "duplicate"

_SEVERITIES = {
    QUARANTINED: "error",
    REFUSED: "error",
    HELD: "warning",
    NOTED: "note",
    BLANK: "warning",
    DUPLICATE: "note",
}


class Cause(NamedTuple):
    outcome: str
    message: str
    what_to_do: str

    @property
    def severity(self) -> str:
        return _SEVERITIES[self.outcome]


_RESAVE = "请用表格软件重新打开核对，另存为“Excel 工作簿(.xlsx)”后再报送。"
_ACCEPTED = "请报送 .xlsx 或 .csv 表格；佐证材料（pdf、jpg、png）请放入“佐证”文件夹。"
_CODE_COLUMN = "请照单位名册填写编码，编码列设为文本格式以保留前导零。"
_PLAIN_NUMBER = "请只填一个数，如 1234.5；单位写入“计量单位”列，说明写入“备注”列。"
_NEW_FORM = "请向考核办领取（kaohe templates 生成的）现行填报表，填好后报送；不要改动隐藏的工作表。"
_PERIOD_FORMS = "请写成 2025、2025Q3 或 2025-09。"

FOLDER = {
    "NOT_REGULAR": Cause(
        QUARANTINED, "“{raw}”是{detail}，不是文件，未予打开。", "请把文件本身直接放入报送单位的文件夹。"
    ),
    "NO_SENDER": Cause(
        QUARANTINED, "“{raw}”没有放进报送单位的文件夹，不知是谁报送，未予收取。", "请放入以部门或单位编码命名的文件夹。"
    ),
    "CANNOT_READ": Cause(
        QUARANTINED, "“{raw}”无法打开（{detail}），尚未收取。", "请检查文件的权限和磁盘；能打开后自动收取。"
    ),
}

FILES = {
    "FILE_EMPTY": Cause(QUARANTINED, "文件是空的（0 字节）。", "请核对后重新报送。"),
    "FILE_NOT_ZIP": Cause(QUARANTINED, "文件不完整，不是可以打开的 .xlsx 工作簿。{detail}", _RESAVE),
    "FILE_CORRUPT": Cause(QUARANTINED, "文件已损坏，无法完整读出。{detail}", _RESAVE),
    "ZIP_RATIO": Cause(QUARANTINED, "文件解压后超出限度，未予读取。{detail}", _RESAVE),
    "ZIP_NAME": Cause(QUARANTINED, "文件内部含有不正当的路径“{raw}”，未予读取。", _RESAVE),
    "ZIP_DUPLICATE_MEMBER": Cause(QUARANTINED, "文件内部有同名部件“{raw}”，无法判定以哪个为准。", _RESAVE),
    "XML_DTD": Cause(QUARANTINED, "文件内部含有 DOCTYPE 或 ENTITY 声明（“{raw}”），未予读取。", _RESAVE),
    "MACRO": Cause(QUARANTINED, "工作簿含有宏（“{raw}”），未予读取。", "请另存为不含宏的 .xlsx 后再报送。"),
    "ENCRYPTED": Cause(QUARANTINED, "文件设有打开密码，无法读取。", "请取消打开密码，另存后再报送。"),
    "OLD_XLS": Cause(QUARANTINED, "文件是旧版 .xls 格式。", "请另存为“Excel 工作簿(.xlsx)”后再报送，不要只改扩展名。"),
    "TYPE_MISMATCH": Cause(
        QUARANTINED,
        "文件名与内容不符：文件名是“{raw}”，内容是{detail}。",
        "请用“另存为”存成 .xlsx 或 .csv，不要只改扩展名。",
    ),
    "TYPE": Cause(QUARANTINED, "不接收这种文件：{detail}。", _ACCEPTED),
    "EXTENT": Cause(
        QUARANTINED,
        "单元格 {detail} 远在表格之外却有内容。",
        "请删除表格之外的整行整列（不是只清除内容），保存后再报送。",
    ),
    "TOO_BIG": Cause(QUARANTINED, "文件超出限度：{detail}。", "请分成几个文件报送。"),
    "UNREADABLE": Cause(
        QUARANTINED, "读取本文件时程序出错，未予采用。", _RESAVE + "仍然如此的，请把文件交给系统管理员。"
    ),
    "EXTERNAL_LINK": Cause(NOTED, "工作簿链接了别的文件，链接未予读取。", "建议粘贴为数值后再报送。"),
    "ENCODING": Cause(QUARANTINED, "文字编码混乱，不能确认原文。{detail}", "请另存为“CSV UTF-8”或 .xlsx 后再报送。"),
    "OTHER_ENCODING": Cause(NOTED, "文字编码为{detail}，已按此读取。", "建议以后另存为“CSV UTF-8”或 .xlsx。"),
    "BINARY": Cause(QUARANTINED, "内容不是文本（含空字符），不能作为 csv 读取。", _ACCEPTED),
    "DELIMITER": Cause(QUARANTINED, "各列用中文逗号“，”分隔，不能可靠分列。", "请用英文逗号分隔，或改报 .xlsx。"),
    "OTHER_DELIMITER": Cause(NOTED, "各列用{detail}分隔，已按此读取。", "建议以后用英文逗号分隔。"),
    "ROW_WIDTH": Cause(
        QUARANTINED,
        "有的行与表头列数不同：{detail}。",
        "请核对这些行；数里的千位逗号、文字里的逗号须去掉，或把该格放在英文双引号内。",
    ),
    "CSV_QUOTE": Cause(QUARANTINED, "第 {detail} 行的英文双引号不成对或位置不对。", "请改正该行，或改报 .xlsx。"),
    "UNKNOWN_SENDER": Cause(
        QUARANTINED,
        "报送文件夹“{raw}”既不是数据来源部门，也不是被考核单位。",
        "请放入以本部门或本单位编码命名的文件夹。",
    ),
    "STAMP_EVALUATION": Cause(
        QUARANTINED, "考核不符：这份填报表是“{raw}”的，不是“{detail}”的。", "请改报到该考核，或领取本考核的填报表。"
    ),
    "STAMP_SENDER": Cause(
        QUARANTINED,
        "报送单位不符：这份填报表是发给{detail}的。",
        "请填写发给本单位的填报表；如是代送，请送到该单位的文件夹。",
    ),
    "STAMP_PERIOD": Cause(QUARANTINED, "考核期不符：这份填报表是“{raw}”的，本考核的周期是“{detail}”。", _NEW_FORM),
    "STAMP_DEFINITION": Cause(
        QUARANTINED, "考核办法不符：这份填报表是按另一版考核办法（{raw}）生成的，收到时生效的是 {detail}。", _NEW_FORM
    ),
    "DUPLICATE_FILE": Cause(
        DUPLICATE, "与先前报送的“{detail}”内容完全相同，不算新的报送。", "如需更正，请报送改正后的文件。"
    ),
}

SHEETS = {
    "HEADER": Cause(
        QUARANTINED,
        "表头不能确认：{detail}。",
        "每张表只留一行表头，列名如：单位编码、考核期、指标编码、数值。",
    ),
    "MISSING_COLUMN": Cause(QUARANTINED, "缺少必需的列：{detail}。", "请补上所缺的列及其列名后重新报送。"),
    "DUPLICATE_COLUMN": Cause(QUARANTINED, "列名重复：{detail}。", "请只保留一列，删去多余的列后重新报送。"),
    "EXTRA_COLUMN": Cause(NOTED, "多余的列未予读取：{detail}。", "如是应报内容，请改用规定的列名。"),
    "HEADER_SPACES": Cause(NOTED, "列名中有全角空格或不可见字符，已忽略：{detail}。", "无需处理；建议删去这些字符。"),
    "EMPTY": Cause(QUARANTINED, "文件里没有任何内容，视为未报送。", "请填写后重新报送。"),
    "NO_ROWS": Cause(QUARANTINED, "只有表头，没有数据行，视为未报送。", "请填写后重新报送。"),
    "AMBIGUOUS_SHEET": Cause(
        QUARANTINED,
        "几张工作表都像是应报的表：{detail}，不能判定以哪张为准。",
        "请只保留一张，或只让应报的一张用规定的表名。",
    ),
    "SHEET_NOT_READ": Cause(NOTED, "工作表未予读取：{detail}。", "如其中有应报内容，请并入应报的工作表。"),
    "HIDDEN_SHEET": Cause(NOTED, "工作表是隐藏的，{detail}。", "请取消隐藏并核对其内容。"),
    "ROWS_NOT_READ": Cause(NOTED, "说明、签章一类的行未予读取：{detail}。", "无需处理；如是应报的单位，请改正其名称。"),
    "BLANK_ROWS": Cause(NOTED, "数据行之间有空行，已跳过 {detail} 行。", "无需处理。"),
    "HIDDEN_ROWS": Cause(NOTED, "有隐藏的行，已照常读取：{detail}。", "请取消隐藏并核对这些行。"),
}

CELLS = {
    "NUMBER": Cause(REFUSED, "“{raw}”不是一个确切的数。", _PLAIN_NUMBER),
    "NUMBER_FORM": Cause(NOTED, "“{raw}”按 {detail} 读取。", "请核对；建议用半角数字和小数点。"),
    "NUMBER_IS_DATE": Cause(
        REFUSED,
        "应填数的格是日期（{raw}），可能被表格软件自动改成了日期。",
        "请把该格设为“常规”格式，重新填写数。",
    ),
    "DIGITS": Cause(REFUSED, "“{raw}”{detail}，不能确认原数。", "请按应报的小数位填写，公式请用 ROUND。"),
    "UNIT": Cause(REFUSED, "计量单位不能换算：{detail}。", "请按指标规定的计量单位填报。"),
    "UNIT_CONVERTED": Cause(NOTED, "“{raw}”已按规定的计量单位换算：{detail}。", "请核对换算结果。"),
    "SUSPECT_FRACTION": Cause(
        HELD,
        "“{raw}”按 % 计不超过 1，而{detail}，可能把百分数填成了小数；等待核实，暂未采用。",
        "如应是百分数，请改正（如 0.98 改为 98%）后重新报送；如属实，请考核办认定。",
    ),
    "MISSING": Cause(BLANK, "没有填数（“{raw}”）；缺数不等于 0。", "如确为零请填 0；否则请补报。"),
    "FORMULA": Cause(NOTED, "该格是公式（{detail}），按其结果“{raw}”读取。", "请核对；建议粘贴为数值。"),
    "FORMULA_NO_VALUE": Cause(
        REFUSED, "该格是公式（{detail}），文件里没有存下结果。", "请用表格软件重算并保存，或粘贴为数值。"
    ),
    "EXCEL_ERROR": Cause(REFUSED, "该格是错误值 {raw}。", "请改正公式或直接填写数。"),
    "MERGED": Cause(REFUSED, "该格被合并单元格覆盖，不能判定是否属于本行。", "请取消合并，逐行填写。"),
    "MERGED_KEY": Cause(
        NOTED, "合并单元格覆盖的 {detail} 格，按合并格里的内容（“{raw}”等）读取。", "无需处理；建议取消合并，逐行填写。"
    ),
    "NOT_DATA": Cause(REFUSED, "这一行不是数据（“{raw}”），未予采用。", "合计、说明、签章等行请删去。"),
    "STATUS": Cause(REFUSED, "类型“{raw}”无法识别。", "请填“实际”或“预计”，留空即为实际。"),
    "ODD_CHARACTERS": Cause(
        NOTED, "文字“{raw}”里有控制字符或不可见字符，已原样保存。", "无需处理；建议删去这些字符后重新录入。"
    ),
    "TEXT_TOO_LONG": Cause(
        REFUSED, "文字过长（{detail}），超过 32767 个字符。", "请缩短文字，详细内容作为佐证材料报送。"
    ),
    "UNKNOWN_UNIT": Cause(REFUSED, "单位编码“{raw}”不在本考核的单位名册中。{detail}", _CODE_COLUMN),
    "UNKNOWN_INDICATOR": Cause(REFUSED, "编码“{raw}”不是本考核应报的指标或事项。{detail}", "请照考核细则填写编码。"),
    "NOT_YOUR_UNIT": Cause(REFUSED, "“{raw}”不是本单位，本单位只能报送自己的数据。", "请删去其他单位的行。"),
    "NOT_YOUR_INDICATOR": Cause(
        REFUSED, "“{raw}”不由贵单位报送；细则规定的数据来源是：{detail}。", "请删去此行，由规定的来源报送。"
    ),
    "NAME_DIFFERS": Cause(
        NOTED, "单位名称“{raw}”与编码对应的“{detail}”不一致，以编码为准。", "请核对编码与名称是否写错行。"
    ),
    "PERIOD": Cause(REFUSED, "考核期“{raw}”{detail}。", _PERIOD_FORMS),
    "PERIOD_FUTURE": Cause(REFUSED, "考核期“{raw}”在报送时尚未开始。", "请核对考核期。"),
    "PERIOD_KIND": Cause(REFUSED, "考核期“{raw}”不合要求：该指标{detail}报送。", _PERIOD_FORMS),
    "PERIOD_CLOSED": Cause(REFUSED, "考核已进入公示，不再接收报送。", "如数据有误，请按更正程序申请更正。"),
    "PERIOD_AMBIGUOUS": Cause(
        REFUSED, "考核期“{raw}”可能是1月，也可能是10月，无法判定。", "请写成 2025-01 或 2025-10。"
    ),
    "OBJECT": Cause(REFUSED, "没有填写对象编号。", "请填写该事项的编号，同一事项用同一编号。"),
    "JUDGE": Cause(REFUSED, "没有填写评委。", "请填写评委的编号或姓名。"),
    "CLAIM_DATE": Cause(REFUSED, "日期“{raw}”不是一个日期。", "请写成 2025-09-30。"),
    "LEVEL": Cause(REFUSED, "级别“{raw}”不在细则之列；该事项的级别是：{detail}。", "请从所列级别中选一个填写。"),
    "PIECE": Cause(REFUSED, "“{raw}”不是该清单的内容；清单有：{detail}。", "请从清单中选一项填写。"),
    "MARK_RANGE": Cause(REFUSED, "分值“{raw}”超出范围：{detail}。", "请按评分办法的满分打分。"),
    "SELF_SCORE_RANGE": Cause(REFUSED, "自评分“{raw}”超出范围：{detail}。", "请按该项的标准分自评。"),
    "REASON": Cause(REFUSED, "没有填写更正原因。", "请写明更正原因。"),
    "SUBJECT": Cause(REFUSED, "更正什么“{raw}”不在所列之中。", "请从数据、目标、事项、评委打分、分组、任职中选一个。"),
    "REASON_CLASS": Cause(
        REFUSED, "原因类别“{raw}”不在所列之中。", "请从录入错误、统计口径、申诉中选一个；不写即为录入错误。"
    ),
    "DUPLICATE_ROW": Cause(DUPLICATE, "与 {detail} 完全重复，只计一次。", "无需处理；建议删去重复的行。"),
    "CONFLICT": Cause(
        REFUSED, "同一键值填了不同的数（见 {detail}），均未采用。", "请核实后只保留正确的一行，重新报送。"
    ),
}

CAUSES = {**FOLDER, **FILES, **SHEETS, **CELLS}
