package observatory

import "zhijian/domain/observatory/measure"

var summary = design{
	id:       "summary",
	title:    Text{"全国概览", "The nation at a glance"},
	question: Text{"现在有多少账号，多少人在用？", "How many accounts are there, and how many people use them?"},
	base:     Text{"登记表全部账号", "All accounts of the registry"},
	method: Text{
		"使用量取最近一个月。活跃用户是各账号当月活跃用户之和：一个人用两个账号算两次。新增按账号编号和上版比对",
		"Use is of the latest month. Active users are the sum over accounts: a person who used two counts twice. New accounts by comparing ids with the edition before",
	},
	columns: []Column{code("statistic", "指标", "Statistic"), colName, colNameEn, number("value", "数值", "Value", ""), words("unit", "单位", "Unit")},
	doubts:  []string{"DQ-01", "DQ-02", "DQ-30", "DQ-44", "DQ-25", "DQ-50", usePartly},
	fill: func(s *survey, e *Exhibit) {
		n := &s.nation
		row := func(id, zh, en string, v Cell, unit string) { e.add(Say(id), Say(zh), Say(en), v, Say(unit)) }
		row("accounts", "账号总数", "accounts", Int(n.accounts), "accounts")
		row("verified_share", "认证占比", "share verified", Num(measure.Percent(n.verified, n.accounts)), "%")
		row("service_share", "服务号占比", "share of service accounts", Num(measure.Percent(n.serving, n.accounts)), "%")
		row("sectors", "领域数", "sectors with accounts", Int(s.sectorsWith()), "sectors")
		row("active", "活跃用户", "active users", Int(n.active), "users")
		row("mean", "号均活跃用户", "active users per account", n.perAccount(), "users/account")
		row("clicks", "点击", "clicks", n.clicksCell(), "clicks")
		row("visits", "服务访问", "visits to services", n.visitsCell(), "visits")
		row("county_share", "县级占比", "share of county level", Num(measure.Percent(n.levels[3], n.accounts)), "%")
		row("outside_provinces", "不在 31 个省的账号", "accounts in none of the 31 provinces", Int(s.outside.accounts), "accounts")
		row("national", "国家级账号", "national accounts without a province", Int(s.national.accounts), "accounts")
		row("hong_kong", "香港账号", "accounts in Hong Kong", Int(s.within("810000")), "accounts")
		row("macau", "澳门账号", "accounts in Macau", Int(s.within("820000")), "accounts")
		row("overseas", "境外账号", "accounts abroad", Int(s.overseas.accounts), "accounts")
		row("unplaced", "没有地区的账号", "Chinese accounts without a place", Int(s.unplaced.accounts), "accounts")
		row("prefectures", "有账号的地级行政区", "prefecture-level divisions with accounts", Int(s.prefecturesWith()), "divisions")
		row("prefecture_accounts", "334 个地级的账号合计", "accounts of the 334", Int(s.prefectureSum().accounts), "accounts")
		row("midwest_provinces", "中西部省份", "provinces of the centre and west", Int(s.midwest()), "provinces")
		row("city_services", "上线城市服务的城市", "cities with a city entry", Int(s.entries()), "cities")
		row("covered_users", "城市服务覆盖用户", "people whom a city entry could reach", Num(s.covered()), "people")
		if s.last == nil {
			return
		}
		row("accounts_before", "上版账号", "accounts of the edition before", Int(s.last.nation.accounts), "accounts")
		row("growth", "增长", "growth", growthCell(n.accounts, s.last.nation.accounts), "%")
		s.newRows(row)
	},
}

// newRows says how many accounts are new and where they are.
func (s *survey) newRows(row func(id, zh, en string, v Cell, unit string)) {
	var all, placed, midwest, chongqing int64
	s.eachNew(func(a *seat) {
		all++
		if a.province == nil {
			return
		}
		placed++
		if b := s.cat.Band(a.province.Code); b == Central || b == West {
			midwest++
			if a.province.Code == "500000" {
				chongqing++
			}
		}
	})
	row("new", "新增账号", "accounts the edition before does not have", Int(all), "accounts")
	row("gone", "消失的账号", "accounts that are gone", Int(s.last.nation.accounts+all-s.nation.accounts), "accounts")
	row("midwest_new_share", "中西部占新增", "share of the centre and west in new accounts of the 31", Num(measure.Percent(midwest, placed)), "%")
	row("midwest_new_share_without_chongqing", "不含重庆", "the same without Chongqing", Num(measure.Percent(midwest-chongqing, placed)), "%")
}

func (s *survey) sectorsWith() (n int) {
	for _, f := range s.sectors {
		if f.accounts > 0 {
			n++
		}
	}
	return n
}

func (s *survey) prefecturesWith() (n int) {
	for _, p := range s.prefecture {
		if p.accounts > 0 {
			n++
		}
	}
	return n
}

func (s *survey) midwest() (n int) {
	for _, p := range s.provinces {
		if s.cat.Band(p.Code) != East {
			n++
		}
	}
	return n
}

// within counts accounts of a code and of what lies in it.
func (s *survey) within(code string) (n int64) {
	for i := range s.accounts {
		if a := &s.accounts[i]; a.province == nil && a.Region != "" && s.cat.Regions.Within(a.Region, code) {
			n++
		}
	}
	return n
}
