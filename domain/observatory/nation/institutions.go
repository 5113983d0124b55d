package nation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"zhijian/domain/observatory"
)

type quota struct {
	label string
	count int
}

// Institutions from the highest seats to the lowest. 3.3 prints nearly 4,000 graded hospitals and nearly 2,000 primary bodies; 3.4
// prints fire, traffic and exit-entry as 51.9 percent of the police. The split of the rest is assumed; police without a label are
// whole bureaus.
var (
	medicalQuotas = []quota{{"三甲医院", 1250}, {"等级医院", 2700}, {"公共卫生", 900}, {"其他医疗", 20270}, {"基层医疗", 1960}}
	policeQuotas  = []quota{
		{"出入境", 1197},
		{"交警", 1911},
		{"户政", 302},
		{"消防", 2113},
		{"经侦", 100},
		{"刑警", 150},
		{"禁毒", 200},
		{"边防", 150},
		{"巡警", 150},
		{"治安", 300},
		{"公共安全", 300},
		{"", 1577},
		{"派出所", 1610},
	}
)

// institutions labels medical and police accounts.
func institutions(rng *rand.Rand, all []account) error {
	for _, group := range []struct {
		sector int
		quotas []quota
	}{{medical, medicalQuotas}, {police, policeQuotas}} {
		type keyed struct {
			a   *account
			key float64
		}
		var list []keyed
		for i := range all {
			if a := &all[i]; a.sector == group.sector {
				seat := map[observatory.Level]float64{observatory.County: 0.35, observatory.Township: 0.8}[a.level]
				list = append(list, keyed{a, float64(rng.Float64()) + seat})
			}
		}
		slices.SortStableFunc(list, func(x, y keyed) int { return cmp.Compare(x.key, y.key) })
		at := 0
		for _, q := range group.quotas {
			if at+q.count > len(list) {
				return fmt.Errorf("sector %d has %d accounts, fewer than its institutions", group.sector, len(list))
			}
			for range q.count {
				list[at].a.institution = q.label
				at++
			}
		}
		if at != len(list) {
			return fmt.Errorf("sector %d has %d accounts, more than its institutions", group.sector, len(list))
		}
	}
	return nil
}
