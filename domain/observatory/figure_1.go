package observatory

import (
	"cmp"
	"slices"
)

var figure1 = design{
	id:       "figure-1",
	title:    Text{"境外账号分布", "Accounts abroad"},
	question: Text{"哪些国家开通了公众号，在哪些领域？", "Which countries have accounts, and in which sectors?"},
	base:     Text{"境外账号，不含港澳台", "Accounts abroad, without Hong Kong, Macau and Taiwan"},
	method: Text{
		"国家按 ISO 3166 两位代码；按账号数排，并列按代码",
		"Countries by ISO 3166 code; by accounts, equals by code",
	},
	columns: []Column{code("country", "国家", "Country"), colAccounts, count("sectors", "领域数", "Sectors", "sectors"), count("tourism", "其中旅游", "Of these tourism", "accounts"), colActive},
	chart:   Chart{Kind: Countries, Label: "country", Values: []string{"accounts"}},
	fill: func(s *survey, e *Exhibit) {
		list := s.abroad()
		for _, c := range list {
			e.add(Say(c.code), Int(c.accounts), Int(len(c.sectors)), Int(c.sectors[tourism]), Int(c.active))
			e.N += c.accounts
		}
	},
}

// country is the accounts of one country.
type country struct {
	code string
	tally
	sectors map[string]int64
}

func (s *survey) abroad() []*country {
	byCode := map[string]*country{}
	var list []*country
	for i := range s.accounts {
		a := &s.accounts[i]
		if !a.foreign() {
			continue
		}
		c := byCode[a.Country]
		if c == nil {
			c = &country{code: a.Country, sectors: map[string]int64{}}
			byCode[a.Country], list = c, append(list, c)
		}
		c.add(a)
		c.sectors[a.Sector]++
	}
	slices.SortFunc(list, func(a, b *country) int {
		return cmp.Or(cmp.Compare(b.accounts, a.accounts), cmp.Compare(a.code, b.code))
	})
	return list
}
