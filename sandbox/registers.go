package sandbox

import "slices"

// newPopulation is the population register: it says whether name, number and phone are one person's, and whose child somebody is.
func newPopulation(people []Person) *office {
	byID := byCitizen(people)
	return &office{
		name: Population, title: "人口库（演示）", about: "核对姓名、身份证号、手机号是否为同一人，孩子是否在同一户，只答是或否。",
		shows: []string{"name", "citizen", "phone", "child"},
		calls: map[string]call{
			"match": {takes: "name, citizen_number, phone", gives: "match", do: func(in question) (data, error) {
				p, ok := byID[in.text("citizen_number")]
				return data{"match": ok && p.Name == in.text("name") && p.Phone == in.phone("phone")}, nil
			}},
			"household.child": {takes: "name, citizen_number, child_name, child_number", gives: "match", do: func(in question) (data, error) {
				p, ok := byID[in.text("citizen_number")]
				kin := Kin{Name: in.text("child_name"), CitizenNumber: in.text("child_number")}
				return data{"match": ok && p.Name == in.text("name") && slices.Contains(p.Children, kin)}, nil
			}},
		},
	}
}

// newBank is the bank's check that a card belongs to a person with this phone.
func newBank(people []Person) *office {
	byID := byCitizen(people)
	return &office{
		name: Bank, title: "银行卡核验（演示）", about: "核对银行卡、姓名、身份证号、预留手机号是否为同一人，只答是或否。",
		shows: []string{"name", "citizen", "phone", "card"},
		calls: map[string]call{
			"holder": {takes: "name, citizen_number, card_number, phone", gives: "match, bank?, tail?", do: func(in question) (data, error) {
				p, ok := byID[in.text("citizen_number")]
				if !ok || p.Name != in.text("name") || p.Phone != in.phone("phone") || p.BankCard != in.text("card_number") {
					return data{"match": false, "bank": "", "tail": ""}, nil
				}
				return data{"match": true, "bank": p.BankName, "tail": ending(p.BankCard, 4)}, nil
			}},
		},
	}
}

func byCitizen(people []Person) map[string]Person {
	out := make(map[string]Person, len(people))
	for _, p := range people {
		out[p.CitizenNumber] = p
	}
	return out
}
