package observatory

const tenRows = 10 // the white paper prints the first and the last ten

var table1 = design{
	id:       "table-1",
	title:    Text{"省级账号总量前 10 名", "The ten provinces with most accounts"},
	question: Text{"账号多的省，活跃用户也多吗？", "Do the provinces with most accounts also have most active users?"},
	base:     Text{"27 个省和自治区，不含直辖市", "27 provinces and autonomous regions, without the municipalities"},
	method: Text{
		"各省全部账号，含省级部门的账号；并列按代码先后排。活跃名次按当月活跃用户总数。差值为账号名次减活跃名次",
		"All accounts in the province, those of its own departments included; equals by code. Active rank by the month's total active users. The difference is account rank less active rank",
	},
	columns: []Column{
		colCode, colName, colNameEn, colAccounts, colRank, place("rank_before", "上版名次", "Rank in the edition before"),
		steps("rank_change", "名次变化", "Places gained"), place("active_rank", "活跃名次", "Rank by active users"), steps("active_diff", "账号名次减活跃名次", "Account rank less active rank"),
	},
	chart:  Chart{Kind: Bars, Label: "name", Values: []string{"accounts"}},
	doubts: []string{"DQ-12", "DQ-44", "DQ-35p"},
	fill: func(s *survey, e *Exhibit) {
		for _, p := range first(ranked(s.provinces, byRank27), tenRows) {
			before, change := None, None
			if w := s.was(p); w != nil {
				before, change = Int(w.rank27), Int(w.rank27-p.rank27)
			}
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Int(p.accounts), Int(p.rank27), before, change, Int(p.activeRank27), Int(p.rank27-p.activeRank27))
		}
		e.N = 27
	},
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }
func final[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }
