package observatory

var tourisms = design{
	id:       "tourism",
	title:    Text{"各省旅游账号", "Tourism accounts by province"},
	question: Text{"旅游部门开到哪一级？", "How far down do tourism accounts reach?"},
	base:     Text{"旅游领域的账号", "Accounts of the tourism sector"},
	method:   sectorMethod,
	columns:  sectorColumns,
	chart:    Chart{Kind: Tiles, Label: "code", Values: []string{"accounts"}},
	fill:     func(s *survey, e *Exhibit) { s.addSector(e, tourism) },
}

var utility = design{
	id:       "utilities",
	title:    Text{"各省公用事业账号", "Utility accounts by province"},
	question: Text{"水电气热在哪里能用公众号办？", "Where do utilities have accounts?"},
	base:     Text{"公用事业领域的账号", "Accounts of public utilities"},
	method:   sectorMethod,
	columns:  sectorColumns,
	chart:    Chart{Kind: Tiles, Label: "code", Values: []string{"accounts"}},
	fill:     func(s *survey, e *Exhibit) { s.addSector(e, utilities) },
}
