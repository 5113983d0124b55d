package observatory

import "zhijian/domain/observatory/measure"

var table5 = design{
	id:       "table-5",
	title:    Text{"医疗机构的服务号占比", "Share of service accounts among medical institutions"},
	question: Text{"哪类医疗机构更愿意办事？", "Which medical institutions serve, and which only publish?"},
	base:     Text{"医疗领域的账号，按登记的机构类别", "Accounts of the medical sector, by the class of institution in the registry"},
	method: Text{
		"等级医院含三甲医院，三甲医院另列一行，两行不可相加",
		"Graded hospitals include those of grade 3A, which have a row of their own: the two must not be added",
	},
	columns: []Column{words("institution", "机构类别", "Class of institution"), words("name", "名称", "Name"), words("name_en", "英文名", "Name in English"), colAccounts, count("service", "服务号", "Service accounts", "accounts"), share("service_share", "服务号占比", "Share of service accounts")},
	chart:   Chart{Kind: Bars, Label: "name", Values: []string{"service_share"}},
	doubts:  []string{"DQ-41"},
	fill: func(s *survey, e *Exhibit) {
		for _, c := range medicalClasses {
			var t tally
			for i := range s.accounts {
				if a := &s.accounts[i]; a.Sector == medical && c.holds(a.Institution) {
					t.add(a)
				}
			}
			e.add(Say(c.id), Say(c.zh), Say(c.en), Int(t.accounts), Int(t.serving), Num(measure.Percent(t.serving, t.accounts)))
		}
		e.N = s.field(medical).accounts
	},
}

// medicalClass is a row of table 5: which institutions it holds.
type medicalClass struct {
	id, zh, en string
	holds      func(institution string) bool
}

func is(names ...string) func(string) bool {
	return func(got string) bool {
		for _, n := range names {
			if n == got {
				return true
			}
		}
		return false
	}
}

var medicalClasses = []medicalClass{
	{"graded", "等级医院", "graded hospitals (levels 1 to 3)", is("三甲医院", "等级医院")},
	{"grade3a", "其中三甲医院", "of these grade 3A", is("三甲医院")},
	{"other", "其他医疗机构", "other medical institutions", is("其他医疗")},
	{"primary", "基层医疗卫生机构", "primary-level institutions", is("基层医疗")},
	{"public", "公共卫生机构", "public-health bodies", is("公共卫生")},
	{"unknown", "未登记类别", "class not registered", is("")},
}
