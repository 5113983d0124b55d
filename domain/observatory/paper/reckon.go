package paper

import "strings"

// reckoned are figures that are put together from several cells.
var reckoned = map[string]func(v *view) measured{
	"prov.active_ratio.sh_bj": func(v *view) measured {
		return value(v.cell("provinces", "310000", "active").number/v.cell("provinces", "110000", "active").number, "provinces")
	},
	"pref.tiers123.share_accounts":  func(v *view) measured { return v.tiers("share_accounts", "1", "2", "3") },
	"pref.tiers123.share_active":    func(v *view) measured { return v.tiers("share_active", "1", "2", "3") },
	"pref.tiers123.share_divisions": func(v *view) measured { return v.tiers("share_divisions", "1", "2", "3") },
	"pref.tiers45.share_accounts":   func(v *view) measured { return v.tiers("share_accounts", "4", "5") },
	"pref.tiers45.share_active":     func(v *view) measured { return v.tiers("share_active", "4", "5") },
	"pref.tiers45.share_divisions":  func(v *view) measured { return v.tiers("share_divisions", "4", "5") },
	"pref.over500.count":            func(v *view) measured { return value(v.total("figure-8", "over_500", nil), "figure-8") },
	"pref.last10_cap": func(v *view) measured {
		most := 0.0
		v.fold("table-4", func(_ string, get func(string) float64) { most = max(most, get("accounts")) })
		return value(most, "table-4")
	},
	"pref.dev_rankdiff20": func(v *view) measured {
		return value(v.rows("table-3", func(get func(string) float64) bool { return get("active_diff") <= -20 }), "table-3")
	},
	"cs.kinds": func(v *view) measured {
		return value(v.rows("launches", func(get func(string) float64) bool { return get("cities") > 0 }), "launches")
	},
	"cs.items": func(v *view) measured { return value(v.total("figure-7", "items", nil), "figure-7") },
	"cs.fields": func(v *view) measured {
		return value(v.rows("figure-7", func(get func(string) float64) bool { return get("items") > 0 }), "figure-7")
	},
	"cs.visits":      func(v *view) measured { return value(v.total("figure-7", "visits", nil), "figure-7") },
	"cs.visit_order": func(v *view) measured { return said(strings.Join(v.scored(1, nil), ">"), "figure-17") },
	"cs.visit_below": func(v *view) measured {
		below := v.scored(0, map[string]bool{"住房": true, "司法": true, "教育": true})
		in := map[string]bool{}
		for _, name := range below {
			in[name] = true
		}
		var list []string
		for _, name := range []string{"住房", "司法", "教育"} { // the paper gives no order
			if in[name] {
				list = append(list, name)
			}
		}
		return said(strings.Join(list, ";"), "figure-17")
	},
	"size.large_medium_share": func(v *view) measured {
		return value(v.total("table-7", "share_accounts", func(k string) bool { return k == "大城市" || k == "中等城市" }), "table-7")
	},
	"field.top3_share": func(v *view) measured {
		return value(v.total("appendix-2", "share", func(k string) bool { return k == "f01" || k == "f02" || k == "f03" }), "appendix-2")
	},
	"police.three_kinds": func(v *view) measured {
		return value(v.total("police-kinds", "share", func(k string) bool { return k == "消防" || k == "交警" || k == "出入境" }), "police-kinds")
	},
	"police.exit_service": func(v *view) measured {
		is := func(k string) bool { return k == "出入境" || k == "户政" }
		return value(100*v.total("police-kinds", "service", is)/v.total("police-kinds", "accounts", is), "police-kinds")
	},
	"police.order": func(v *view) measured {
		list := strings.Split(v.firstWords("police", "code", 5, ">"), ">")
		return said(strings.Join(list[1:], ">"), "police")
	},
	"ministry.first": func(v *view) measured {
		e := v.byID["leaders"]
		if e == nil {
			return measured{where: "leaders"}
		}
		name := e.Column("name")
		for _, r := range e.Rows {
			if strings.HasPrefix(r[name].String(), "共产党员") {
				return v.cell("leaders", r[0].String(), "active")
			}
		}
		return measured{where: "leaders"}
	},
	"growth.main_sources":            func(v *view) measured { return said(v.firstWords("growth", "name", 2, ";"), "growth") },
	"zipf.order_service":             func(v *view) measured { return said(v.firstWords("table-8", "service_name", 10, ">"), "table-8") },
	"zipf.order_subscription":        subscriptionOrder,
	"zipf.order_subscription.table8": subscriptionOrder,
	"gdp.overlap":                    func(v *view) measured { return value(v.total("table-6", "both", nil), "table-6") },
}

func subscriptionOrder(v *view) measured {
	return said(v.firstWords("table-8", "subscription_name", 10, ">"), "table-8")
}

func (v *view) tiers(column string, tiers ...string) measured {
	return value(v.total("figure-9", column, func(key string) bool {
		for _, t := range tiers {
			if t == key {
				return true
			}
		}
		return false
	}), "figure-9")
}

// paperGroups are the words of 5.2 for our groups.
var paperGroups = map[string]string{
	"traffic-police": "交通违法", "transit": "公共交通", "exit-entry": "出入境", "health": "医疗", "weather": "气象", "social-security": "人社", "expressway": "高速服务",
	"intercity-ticket": "车船票", "utility": "生活缴费", "tax": "税务", "housing": "住房", "justice": "司法", "education": "教育",
}

// scored lists the groups above (1) or below (0) the mean by the paper's words, in order; only those asked for when only is given.
func (v *view) scored(above float64, only map[string]bool) (list []string) {
	v.fold("figure-17", func(key string, get func(string) float64) {
		name := paperGroups[key]
		if name == "" {
			name = key
		}
		if get("above") == above && (only == nil || only[name]) {
			list = append(list, name)
		}
	})
	return list
}
