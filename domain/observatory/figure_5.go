package observatory

var figure5 = design{
	id:       "figure-5",
	title:    Text{"地级前 10 名在哪里", "Where the first ten prefectures lie"},
	question: Text{"账号最多的城市集中在东部吗？", "Do the cities with most accounts lie in the east?"},
	base:     table3.base,
	method:   Text{"区域按白皮书：辽宁、海南在东部，吉林在中部。经纬度只供画图", "Parts of the country as the white paper draws them: 辽宁 and 海南 east, 吉林 central. Degrees are for drawing only"},
	columns: []Column{
		colCode, colName, colNameEn, words("province", "省份", "Province"), words("band", "区域", "Part of the country"), colAccounts, colRank, flag("deputy", "副省级", "Deputy-provincial"),
		number("lon", "经度", "Longitude", "degrees"), number("lat", "纬度", "Latitude", "degrees"),
	},
	chart: Chart{Kind: Points, Label: "name", X: "lon", Y: "lat", Size: "accounts", Group: "band"},
	fill: func(s *survey, e *Exhibit) {
		for _, p := range first(ranked(s.prefecture, byRank), tenRows) {
			e.add(Say(p.Code), Say(p.Short), Say(p.En), Say(p.province.Short), Say(string(s.cat.Band(p.Code))), Int(p.accounts), Int(p.rank), Flag(s.cat.DeputyProvincial(p.Code)), Num(p.Lon), Num(p.Lat))
		}
	},
}
