package observatory

var figure14 = design{
	id:       "figure-14",
	title:    Text{"城市规模、账号数和活跃用户", "City size, accounts and active users"},
	question: Text{"大城市的账号用得更多吗？", "Are the accounts of larger cities used more?"},
	base:     table7.base,
	method:   table7.method,
	columns:  sizeColumns,
	chart:    Chart{Kind: Dots, Label: "class", X: "mean_accounts", Y: "mean_active", Size: "cities", LogX: true, LogY: true},
	doubts:   []string{"DQ-33"},
	fill:     addSizes,
}
