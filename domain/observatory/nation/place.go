package nation

import (
	"cmp"
	"slices"
)

// bucket is what an account's place is.
type bucket int

const (
	prefectural bucket = iota // one of the 334, with its counties
	pooled                    // accounts that a province itself runs
	municipal                 // a municipality, with its districts
	central                   // the nation's own
	abroad                    // Hong Kong, Macau and other countries
	unresolved                // in China, place not known
)

// place is a place with accounts. There are 370: 334 prefectures, 27 pools, 4 municipalities, the nation, Hong Kong, Macau, abroad
// and not known.
type place struct {
	bucket   bucket
	code     string // region code of accounts of the highest level; "" when there is none
	country  string
	row      int // 0-30 province, 31 nation, 32 Hong Kong, 33 Macau, 34 abroad, 35 not known
	rank     int // place in account order; -1 when it is no prefecture
	member   bool
	accounts int
	users    int64
	counties []string
	sectors  []int // accounts by sector
}

// Rows of the table of provinces and sectors beyond the 31 provinces.
const (
	rowNation = 31 + iota
	rowHongKong
	rowMacau
	rowAbroad
	rowUnknown
	rowCount
)

// elsewhere is how the accounts in no province are split: assumed, only their sum follows from the paper.
var elsewhere = map[int]int{rowNation: nationalAccounts, rowHongKong: 60, rowMacau: 30, rowAbroad: 330}

// places lays out the nation, by code.
func (c *census) places(use *crowd) []place {
	var list []place
	for r, v := range c.prefectures {
		list = append(list, place{
			bucket: prefectural, code: v.code, country: "CN", row: v.province, rank: r, member: c.member[r], accounts: c.n[r],
			users: use.prefectures[r], counties: c.countiesOf(v.code),
		})
	}
	inside := 0
	for i, v := range c.paper.provinces {
		inside += c.provinces[i]
		one := place{bucket: pooled, code: v.code, country: "CN", row: i, rank: -1, accounts: c.pool(i), users: use.provinces[i]}
		if v.municipality {
			one.bucket, one.counties = municipal, c.countiesOf(v.code)
			one.member = slices.Contains(memberMunicipal, v.code)
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b place) int { return cmp.Compare(a.code, b.code) })
	rest := []place{
		{bucket: central, code: "000000", country: "CN", row: rowNation, rank: -1},
		{bucket: abroad, code: "810000", country: "HK", row: rowHongKong, rank: -1},
		{bucket: abroad, code: "820000", country: "MO", row: rowMacau, rank: -1},
		{bucket: abroad, row: rowAbroad, rank: -1},
		{bucket: unresolved, country: "CN", row: rowUnknown, rank: -1},
	}
	left := accountsTotal - inside
	users := use.nation - use.national
	for _, v := range list {
		users -= v.users
	}
	weights := make([]float64, 0, 4)
	for i := range rest {
		rest[i].accounts = elsewhere[rest[i].row]
		if rest[i].bucket == unresolved {
			rest[i].accounts = left
		}
		left -= rest[i].accounts
		if i > 0 {
			weights = append(weights, float64(rest[i].accounts))
		}
	}
	rest[0].users = use.national
	for i, u := range share(users, weights) {
		rest[i+1].users = u
	}
	return append(list, rest...)
}

func (c *census) countiesOf(code string) []string {
	var list []string
	for _, r := range c.tree.Children(code) {
		list = append(list, r.Code)
	}
	return list
}
