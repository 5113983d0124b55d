package sandbox

import (
	"slices"
	"strings"
)

type officePage struct {
	Title, About string
	Calls        []callRow
	Magic        []magic
	Heads        []string
	People       [][]string
}

type callRow struct {
	Name, Takes, Gives string
	Act                bool
}

// page shows what an office answers and the first people it knows.
func (o *office) page(people []Person) officePage {
	p := officePage{Title: o.title, About: o.about, Magic: o.magic}
	for name, c := range o.calls {
		p.Calls = append(p.Calls, callRow{name, c.takes, c.gives, c.act})
	}
	slices.SortFunc(p.Calls, func(a, b callRow) int { return strings.Compare(a.Name, b.Name) })
	heads := map[string]string{"name": "姓名", "citizen": "身份证号", "phone": "手机号", "card": "银行卡", "plates": "车牌", "electricity": "电费户号", "child": "孩子"}
	for _, s := range o.shows {
		p.Heads = append(p.Heads, heads[s])
	}
	if len(o.shows) == 0 {
		return p
	}
	if o.number != nil {
		p.Heads = append(p.Heads, "编号", "查询码")
	}
	if o.accounts != nil {
		p.Heads = append(p.Heads, o.account)
	}
	for i, person := range people[:min(len(people), 24)] {
		var row []string
		for _, s := range o.shows {
			row = append(row, person.column(s))
		}
		if o.number != nil {
			row = append(row, o.number(i), codeOf(o.number(i)))
		}
		if o.accounts != nil {
			row = append(row, strings.Join(o.accounts(person.CitizenNumber), "、"))
		}
		p.People = append(p.People, row)
	}
	return p
}

func (p Person) column(name string) string {
	switch name {
	case "name":
		return p.Name
	case "citizen":
		return p.CitizenNumber
	case "phone":
		return p.Phone
	case "card":
		return p.BankName + " " + p.BankCard
	case "electricity":
		return p.Electricity
	case "child":
		var kin []string
		for _, k := range p.Children {
			kin = append(kin, k.Name+" "+k.CitizenNumber)
		}
		return strings.Join(kin, "、")
	}
	var plates []string
	for _, v := range p.Vehicles {
		plates = append(plates, v.Plate)
	}
	return strings.Join(plates, "、")
}
