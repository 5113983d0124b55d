package observatory

import "zhijian/domain/observatory/measure"

var figure18 = design{
	id:       "figure-18",
	title:    Text{"各行政层级的增长", "Growth by administrative level"},
	question: Text{"公众号在往基层走吗？", "Do accounts move to the lower levels?"},
	base:     Text{"constant 列为口径不变的领域：不含医疗、旅游、邮政", "The constant columns leave out the sectors whose scope widened: medical, tourism, post"},
	method:   Text{"增长为本版减上版，除以上版，按层级", "Growth is this edition less the one before, over the one before, by level"},
	columns: []Column{
		code("level", "层级", "Level"), colName, colAccounts, count("before", "上版账号", "Accounts before", "accounts"), share("growth", "增长", "Growth"),
		count("constant", "口径不变账号", "Accounts on constant scope", "accounts"), count("constant_before", "口径不变上版", "Before on constant scope", "accounts"), share("constant_growth", "口径不变增长", "Growth on constant scope"),
	},
	chart:  Chart{Kind: Grouped, Label: "name", Values: []string{"growth", "constant_growth"}},
	doubts: []string{"DQ-25", "DQ-44"},
	fill: func(s *survey, e *Exhibit) {
		all, constant := s.byLevel()
		var allWas, constantWas [5]int64
		if s.last != nil {
			allWas, constantWas = s.last.byLevel()
		}
		for i, l := range levelOrder {
			row := []Cell{Say(string(l)), Say(levelNames[i]), Int(all[i]), None, None, Int(constant[i]), None, None}
			if s.last != nil {
				row[3], row[4] = Int(allWas[i]), growthCell(all[i], allWas[i])
				row[6], row[7] = Int(constantWas[i]), growthCell(constant[i], constantWas[i])
			}
			e.add(row...)
		}
		e.N = s.nation.accounts
	},
}

var levelNames = []string{"国家", "省", "地", "县", "乡"}

func growthCell(now, before int64) Cell {
	if g, ok := measure.Growth(now, before); ok {
		return Num(g)
	}
	return None
}

// byLevel counts the accounts of each level: all, and those of sectors whose scope is the same in both editions (checks, DQ-25).
func (s *survey) byLevel() (all, constant [5]int64) {
	for i := range s.accounts {
		a := &s.accounts[i]
		all[a.level]++
		if a.Sector != medical && a.Sector != tourism && a.Sector != post {
			constant[a.level]++
		}
	}
	return all, constant
}
