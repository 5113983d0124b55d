package outline

import "zhijian/domain/service"

// sentence gives a sentence or word of this package; what has none stands for itself.
func sentence(code string) service.Text {
	if t, ok := sentences[code]; ok {
		return t
	}
	return service.Text{Zh: code}
}

var sentences = map[string]service.Text{
	"became":  {Zh: "%s改成了“%s”", En: "%s is now “%s”"},
	"emptied": {Zh: "去掉了%s", En: "%s is gone"},
	"english": {Zh: "%s的英文改了", En: "The English of %s changed"},
	"tests":   {Zh: "自带的测试改了", En: "The service's own tests changed"},
	"nobasis": {Zh: "没有专门的法律规定", En: "no law of its own"},

	"need.added":  {Zh: "要准备的新增了“%s”", En: "To have ready, new: “%s”"},
	"need.gone":   {Zh: "要准备的去掉了“%s”", En: "To have ready no more: “%s”"},
	"basis.added": {Zh: "依据新增了“%s”", En: "Legal basis, new: “%s”"},
	"basis.gone":  {Zh: "依据去掉了“%s”", En: "Legal basis, gone: “%s”"},

	"page.added":   {Zh: "新增一步“%s”", En: "New step “%s”"},
	"page.gone":    {Zh: "去掉了“%s”这一步", En: "The step “%s” is gone"},
	"page.moved":   {Zh: "“%s”这一步换了先后", En: "The step “%s” has moved"},
	"page.kind":    {Zh: "“%s”这一步换了做法", En: "The step “%s” is of another kind"},
	"page.became":  {Zh: "“%s”这一步的%s改成了“%s”", En: "In the step “%s”, %s is now “%s”"},
	"page.emptied": {Zh: "“%s”这一步去掉了%s", En: "In the step “%s”, %s is gone"},
	"page.english": {Zh: "“%s”这一步的%s的英文改了", En: "In the step “%s”, the English of %s changed"},
	"page.level":   {Zh: "“%s”这一步现在要求%s", En: "The step “%s” now asks for %s"},
	"page.if":      {Zh: "“%s”这一步什么时候出现，条件改了", En: "When the step “%s” appears has changed"},
	"page.order":   {Zh: "“%s”这一步的问题换了先后", En: "The questions of the step “%s” are in another order"},
	"page.asks":    {Zh: "“%s”这一步问的问题变了", En: "The step “%s” asks other questions"},
	"page.other":   {Zh: "“%s”这一步的内部规则改了", En: "The inner rules of the step “%s” changed"},

	"question.added":     {Zh: "新增问题“%s”", En: "New question “%s”"},
	"question.gone":      {Zh: "去掉了问题“%s”", En: "The question “%s” is gone"},
	"question.type":      {Zh: "问题“%s”改成填%s", En: "The question “%s” now takes %s"},
	"question.became":    {Zh: "问题“%s”的%s改成了“%s”", En: "Of the question “%s”, %s is now “%s”"},
	"question.emptied":   {Zh: "问题“%s”去掉了%s", En: "Of the question “%s”, %s is gone"},
	"question.english":   {Zh: "问题“%s”的%s的英文改了", En: "Of the question “%s”, the English of %s changed"},
	"question.optional":  {Zh: "问题“%s”改成了可不填", En: "The question “%s” may now be left empty"},
	"question.required":  {Zh: "问题“%s”改成了必须填", En: "The question “%s” must now be answered"},
	"question.min":       {Zh: "问题“%s”的下限改成了 %s", En: "The least for the question “%s” is now %s"},
	"question.max":       {Zh: "问题“%s”的上限改成了 %s", En: "The most for the question “%s” is now %s"},
	"question.prefilled": {Zh: "问题“%s”现在会自动带出", En: "The question “%s” is now filled in beforehand"},
	"question.prefill":   {Zh: "问题“%s”带出的内容改了", En: "What is filled in beforehand for “%s” changed"},
	"option.added":       {Zh: "问题“%s”新增了选项“%s”", En: "The question “%s” has a new choice “%s”"},
	"option.gone":        {Zh: "问题“%s”去掉了选项“%s”", En: "The question “%s” has lost the choice “%s”"},
	"option.became":      {Zh: "问题“%s”的选项“%s”改成了“%s”", En: "Of the question “%s”, the choice “%s” is now “%s”"},

	"check.added": {Zh: "新增“我能不能办”", En: "New: whether one may have it is told beforehand"},
	"check.gone":  {Zh: "去掉了“我能不能办”", En: "Whether one may have it is told beforehand no more"},
	"check.other": {Zh: "“我能不能办”的问题或例子改了", En: "The questions or examples of what is told beforehand changed"},
	"rule.added":  {Zh: "“我能不能办”新增规则“%s”", En: "Told beforehand, a new rule: “%s”"},
	"rule.gone":   {Zh: "“我能不能办”去掉了规则“%s”", En: "Told beforehand, a rule is gone: “%s”"},
	"rule.if":     {Zh: "规则“%s”什么时候不能办，条件改了", En: "When the rule “%s” turns somebody away has changed"},
	"rule.other":  {Zh: "规则“%s”的出路或依据改了", En: "What the rule “%s” says to do, or its basis, changed"},

	"advice.basis":   {Zh: "没有写办这件事的法律依据；没有专门规定的，请勾选“这件事没有专门的法律规定”", En: "No legal basis is stated; where no law governs it, say so"},
	"advice.why":     {Zh: "问题“%s”没有写为什么要问", En: "The question “%s” gives no reason or legal basis"},
	"advice.prefill": {Zh: "问题“%s”可以自动带出，不用群众填", En: "The question “%s” could be filled in beforehand"},
	"advice.many":    {Zh: "“%s”这一页有 %s 个问题，分成几页更好填", En: "The page “%s” has %s questions; several pages are easier"},
	"advice.english": {Zh: "%s 处还没有英文，例如“%s”", En: "%s wordings have no English, such as “%s”"},
	"advice.long":    {Zh: "句子太长，不好读：“%s”", En: "A sentence is too long to read easily: “%s”"},

	"what.name": {Zh: "名称", En: "the name"}, "what.about": {Zh: "简介", En: "what it does"}, "what.who": {Zh: "谁可以办", En: "who can have it done"},
	"what.fee": {Zh: "费用", En: "what it costs"}, "what.promise": {Zh: "承诺时间", En: "the promised time"}, "what.legal": {Zh: "法定时限", En: "the legal limit"},
	"what.group": {Zh: "分类", En: "the group"}, "what.type": {Zh: "种类", En: "the type"}, "what.how": {Zh: "办理方式", En: "how it is done"},
	"what.review_by": {Zh: "复查日期", En: "the day of the next review"}, "what.done": {Zh: "计时的承诺", En: "the time that is measured"},
	"what.owner": {Zh: "负责的系统", En: "the office"}, "what.sector": {Zh: "领域", En: "the sector"}, "what.id": {Zh: "代号", En: "the id"},
	"what.keywords": {Zh: "搜索词", En: "search words"}, "what.title": {Zh: "标题", En: "the title"}, "what.lead": {Zh: "说明", En: "the explanation"},
	"what.button": {Zh: "按钮", En: "the button"}, "what.say": {Zh: "结果", En: "the result"}, "what.label": {Zh: "简称", En: "the short name"},
	"what.ask": {Zh: "问法", En: "the question"}, "what.hint": {Zh: "提示", En: "the hint"}, "what.why": {Zh: "理由", En: "the reason"},

	"level.none": {Zh: "不用登录", En: "no sign-in"}, "level.L0": {Zh: "不用登录", En: "no sign-in"}, "level.L1": {Zh: "手机登录", En: "a phone"},
	"level.L2": {Zh: "实名", En: "a real name"}, "level.L3": {Zh: "实名加银行卡", En: "a real name and bank card"}, "level.L4": {Zh: "五合一实名", En: "five proofs in one"},

	"kind.form": {Zh: "填写", En: "Fill in"}, "kind.lookup": {Zh: "查询", En: "Look up"}, "kind.choose": {Zh: "选择", En: "Choose"}, "kind.book": {Zh: "选时间", En: "Choose a time"},
	"kind.check": {Zh: "核对", En: "Check"}, "kind.pay": {Zh: "缴费", En: "Pay"}, "kind.submit": {Zh: "交给部门", En: "File"}, "kind.review": {Zh: "审核", En: "Review"},
	"kind.supply": {Zh: "补充材料", En: "Add more"}, "kind.deliver": {Zh: "寄送", En: "Deliver"}, "kind.wait": {Zh: "等消息", En: "Wait"}, "kind.handoff": {Zh: "去部门网站", En: "Go to the office's site"},
	"kind.result": {Zh: "结果", En: "Result"}, "kind.": {Zh: "没写完的一步", En: "An unfinished step"},

	"type.text": {Zh: "文字", En: "text"}, "type.number": {Zh: "整数", En: "a whole number"}, "type.date": {Zh: "日期", En: "a day"}, "type.money": {Zh: "金额", En: "an amount"},
	"type.choice": {Zh: "单选", En: "a choice"}, "type.phone": {Zh: "手机号", En: "a phone number"}, "type.person_name": {Zh: "姓名", En: "a person's name"},
	"type.citizen_number": {Zh: "身份证号", En: "a citizen number"}, "type.plate": {Zh: "车牌号", En: "a number plate"}, "type.credit_code": {Zh: "统一社会信用代码", En: "a credit code"},
	"type.bank_card": {Zh: "银行卡号", En: "a bank card"}, "type.digits": {Zh: "编号（数字）", En: "digits"}, "type.place": {Zh: "地址", En: "an address"},
	"type.location": {Zh: "位置", En: "a position"}, "type.file": {Zh: "照片或文件", En: "photos or documents"}, "type.slot": {Zh: "时间", En: "a time"},
	"type.list": {Zh: "多选", En: "several of a list"}, "type.item": {Zh: "选一项", En: "one of a list"}, "type.engine_tail": {Zh: "发动机号后六位", En: "the tail of an engine number"},
	"type.electricity_account": {Zh: "电费户号", En: "an electricity account"},
}

// TypeName is what a type of question is called.
func TypeName(t string) service.Text { return sentence("type." + t) }

// KindName is what a kind of page is called.
func KindName(k string) service.Text { return sentence("kind." + k) }

// LevelName is what a level of identity is called.
func LevelName(l string) service.Text { return level(l) }
