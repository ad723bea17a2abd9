"""What accounts of the web pages are for. What a role may do is decided in `guard/`."""

TOWNSHIP, DEPARTMENT, EXAMINER, OPERATOR = "township", "department", "examiner", "operator"
ROLES = {TOWNSHIP: "乡镇（街道）", DEPARTMENT: "部门", EXAMINER: "考核人员", OPERATOR: "管理人员"}
FILING = (TOWNSHIP, DEPARTMENT)
EXAMINING = (EXAMINER, OPERATOR)
