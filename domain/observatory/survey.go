package observatory

import (
	"cmp"
	"math/bits"
	"slices"

	"zhijian/domain/observatory/measure"
	"zhijian/domain/region"
)

// survey is the facts of one edition counted once, for all exhibits.
type survey struct {
	cat   *Catalog
	facts *Facts
	last  *survey // the edition before; nil when there is none
	month string  // the latest month with counters: all use is of this month

	nation     tally
	outside    tally // in none of the 31 provinces
	national   tally // of the national level
	overseas   tally // of another country
	unplaced   tally // Chinese, without a place, and not national
	provinces  []*area
	prefecture []*area // the 334
	cities     []*area // the 334 and the four municipalities
	sectors    []*field
	accounts   []seat // in the order of facts.Accounts
	byCode     map[string]*area
	byRegion   map[string]standing
	doubts     map[string][]Warning
}

// tally is what is counted about any set of accounts.
type tally struct {
	accounts, verified, serving int64
	active, clicks, visits      int64
	noClicks, noVisits          int64 // accounts of which clicks, or visits, were not counted
	subscribed                  int64 // active users of subscription accounts
	levels                      [5]int64
}

func (t *tally) mean() float64 { return measure.Ratio(t.active, t.accounts) }

func (t *tally) add(a *seat) {
	t.accounts++
	t.active, t.clicks, t.visits = t.active+a.active, t.clicks+a.clicks, t.visits+a.visits
	t.levels[a.level]++
	if a.noClicks {
		t.noClicks++
	}
	if a.noVisits {
		t.noVisits++
	}
	if a.Verified {
		t.verified++
	}
	if a.Kind == Serving {
		t.serving++
	} else {
		t.subscribed += a.active
	}
}

// clicksCell and visitsCell give a sum of what was counted, None when it was counted of no account.
func (t *tally) clicksCell() Cell {
	return unless(t.noClicks > 0 && t.noClicks == t.accounts, t.clicks)
}

func (t *tally) visitsCell() Cell {
	return unless(t.noVisits > 0 && t.noVisits == t.accounts, t.visits)
}

// unless gives a number, or None when it was not counted.
func unless(uncounted bool, n int64) Cell {
	if uncounted {
		return None
	}
	return Int(n)
}

// area is a province or a city with its figures and its ranks.
type area struct {
	region.Region
	tally
	sectors  [54 + 1]int64 // accounts by place of the sector in the catalogue
	province *area         // itself for a province and a municipality
	class    string        // class of city; "" when not known
	service  bool          // has a city entry

	rank, rank27                  int // by accounts, equals by code
	activeRank, activeRank27      int // by total active users
	meanRank                      int // by active users per account
	tier                          int // 1 is the largest; by exact division of the numbers of accounts
	policeActive, policeActiveRnk int64
}

// field is one sector with its figures.
type field struct {
	id, name, en, class string
	tally
	activeServing              int64
	clicksSub, visitsServing   int64
	rank, activeRank, meanRank int
}

// seat is one account where it is counted.
type seat struct {
	*Account
	province, city         *area // nil when none
	sector                 int
	level                  int
	active, clicks, visits int64
	noClicks, noVisits     bool // not counted
}

// foreign reports whether an account lies abroad; Hong Kong, Macau and Taiwan do not, whatever code the registry gives them.
func (a *seat) foreign() bool { return !slices.Contains([]string{"CN", "HK", "MO", "TW"}, a.Country) }

type standing struct{ province, city *area }

var levelOrder = []Level{National, Provincial, Municipal, County, Township}

func newSurvey(f *Facts, cat *Catalog) *survey {
	s := &survey{cat: cat, facts: f, byCode: map[string]*area{}, byRegion: map[string]standing{}, doubts: map[string][]Warning{}}
	s.draw()
	s.count()
	s.rank()
	return s
}

// draw makes the areas: provinces the paper counts are those with a part of the country.
func (s *survey) draw() {
	for _, r := range s.cat.Regions.All() {
		if s.cat.Band(r.Code) == "" || r.Level != region.Province && r.Level != region.Prefecture {
			continue
		}
		a := &area{Region: r}
		s.byCode[r.Code] = a
		if r.Level == region.Province {
			s.provinces = append(s.provinces, a)
			a.province = a
		} else {
			s.prefecture = append(s.prefecture, a)
		}
		if r.IsCity() {
			s.cities = append(s.cities, a)
		}
	}
	for _, a := range s.prefecture {
		a.province = s.byCode[a.Parent]
	}
	for _, p := range s.facts.Places {
		if a := s.byCode[p.Region]; a != nil {
			a.class, a.service = p.Class, p.Service
		}
	}
	for _, x := range s.cat.Sectors.All() {
		s.sectors = append(s.sectors, &field{id: x.ID, name: x.Name, en: x.En, class: string(x.Class)})
	}
	for _, m := range s.facts.Months {
		s.month = max(s.month, m.Month)
	}
}

// stand finds province and city of a code; remembered, since a code has many accounts.
func (s *survey) stand(codeOf string) standing {
	if st, known := s.byRegion[codeOf]; known {
		return st
	}
	st := standing{}
	for _, r := range s.cat.Regions.Path(codeOf) {
		if a := s.byCode[r.Code]; a != nil && r.Level == region.Province {
			st.province = a
		}
		if a := s.byCode[r.Code]; a != nil && r.IsCity() {
			st.city = a
		}
	}
	s.byRegion[codeOf] = st
	return st
}

func (s *survey) count() {
	at := map[string]int{}
	for i, f := range s.sectors {
		at[f.id] = i
	}
	s.accounts = make([]seat, len(s.facts.Accounts))
	next := 0
	for i := range s.facts.Accounts {
		a := &s.accounts[i]
		a.Account = &s.facts.Accounts[i]
		st := s.stand(a.Region)
		a.province, a.city = st.province, st.city
		a.sector, a.level = len(s.sectors), max(0, slices.Index(levelOrder, a.Level))
		if k, known := at[a.Sector]; known {
			a.sector = k
		}
		for ; next < len(s.facts.Months) && s.facts.Months[next].Account <= a.ID; next++ {
			if m := s.facts.Months[next]; m.Account == a.ID && m.Month == s.month {
				a.active, a.clicks, a.visits = m.Active, m.Clicks, m.Visits
				a.noClicks, a.noVisits = m.NoClicks, m.NoVisits
			}
		}
		s.put(a)
	}
}

func (s *survey) put(a *seat) {
	s.nation.add(a)
	switch {
	case a.province != nil:
		a.province.add(a)
		a.province.sectors[a.sector]++
		if s.isPolice(a) {
			a.province.policeActive += a.active
		}
	default:
		s.outside.add(a)
		switch {
		case a.foreign():
			s.overseas.add(a)
		case a.Level == National:
			s.national.add(a)
		case a.Region == "":
			s.unplaced.add(a)
		}
	}
	if a.city != nil && a.city != a.province {
		a.city.add(a)
		a.city.sectors[a.sector]++
	}
	if a.sector == len(s.sectors) {
		return
	}
	f := s.sectors[a.sector]
	f.add(a)
	if a.Kind == Serving {
		f.activeServing, f.visitsServing = f.activeServing+a.active, f.visitsServing+a.visits
	} else {
		f.clicksSub += a.clicks
	}
}

// Sector ids that single exhibits ask for.
const (
	police, medical, office, tax, tourism, utilities, post = "f01", "f02", "f03", "f04", "f09", "f10", "f14"
)

func (s *survey) isPolice(a *seat) bool { return a.Sector == police }

func (s *survey) field(id string) *field {
	for _, f := range s.sectors {
		if f.id == id {
			return f
		}
	}
	return &field{id: id}
}

// compareMeans orders by active users per account from large to small, exactly: as fractions, not as rounded quotients.
func compareMeans(a, b *tally) int {
	hiA, loA := bits.Mul64(uint64(a.active), uint64(max(b.accounts, 0)))
	hiB, loB := bits.Mul64(uint64(b.active), uint64(max(a.accounts, 0)))
	if a.accounts == 0 || b.accounts == 0 {
		return cmp.Compare(min(b.accounts, 1), min(a.accounts, 1)) // without accounts there is no mean: last
	}
	return cmp.Or(cmp.Compare(hiB, hiA), cmp.Compare(loB, loA))
}

// rank gives every area and sector its ranks. Equals are parted by accounts, more first, then by code, lower first.
func (s *survey) rank() {
	rankAreas(s.provinces)
	rankAreas(s.prefecture)
	var regions []*area
	for _, p := range s.provinces {
		if !p.IsCity() {
			regions = append(regions, p)
		}
	}
	for i, r := range ordinal(regions, byAccounts) {
		regions[i].rank27 = r
	}
	for i, r := range ordinal(regions, byActive) {
		regions[i].activeRank27 = r
	}
	for i, r := range ordinal(s.provinces, func(a, b *area) int { return cmp.Compare(b.policeActive, a.policeActive) }) {
		s.provinces[i].policeActiveRnk = int64(r)
	}
	setTiers(s.provinces, ProvinceTiers)
	setTiers(s.prefecture, PrefectureTiers)
	for i, r := range ordinalFields(s.sectors, func(a, b *field) int { return 0 }) {
		s.sectors[i].rank = r
	}
	for i, r := range ordinalFields(s.sectors, func(a, b *field) int { return cmp.Compare(b.active, a.active) }) {
		s.sectors[i].activeRank = r
	}
	for i, r := range ordinalFields(s.sectors, func(a, b *field) int { return compareMeans(&a.tally, &b.tally) }) {
		s.sectors[i].meanRank = r
	}
}

// How many tiers the paper makes, of provinces (1.5) and of prefectures (2.5).
const (
	ProvinceTiers   = 3
	PrefectureTiers = 5
)

func setTiers(list []*area, k int) {
	c := measure.KMeans(accountsOf(list), k)
	for i, a := range list {
		a.tier = c.Of[i] + 1
	}
}

func accountsOf(list []*area) []float64 {
	out := make([]float64, len(list))
	for i, a := range list {
		out[i] = float64(a.accounts)
	}
	return out
}

func byAccounts(a, b *area) int { return cmp.Compare(b.accounts, a.accounts) }
func byActive(a, b *area) int   { return cmp.Compare(b.active, a.active) }
func byMean(a, b *area) int     { return compareMeans(&a.tally, &b.tally) }

func rankAreas(list []*area) {
	ranks, active, means := ordinal(list, byAccounts), ordinal(list, byActive), ordinal(list, byMean)
	for i, a := range list {
		a.rank, a.activeRank, a.meanRank = ranks[i], active[i], means[i]
	}
}

func ordinal(list []*area, first func(a, b *area) int) []int {
	return measure.Rank(len(list), measure.Ordinal, func(i, j int) int { return first(list[i], list[j]) }, func(i, j int) int {
		return cmp.Or(byAccounts(list[i], list[j]), cmp.Compare(list[i].Code, list[j].Code))
	})
}

func ordinalFields(list []*field, first func(a, b *field) int) []int {
	return measure.Rank(len(list), measure.Ordinal, func(i, j int) int { return first(list[i], list[j]) }, func(i, j int) int {
		return cmp.Or(cmp.Compare(list[j].accounts, list[i].accounts), cmp.Compare(list[i].id, list[j].id))
	})
}

// ranked lists areas by a rank, best first; those without the rank are left out.
func ranked(list []*area, rank func(*area) int) []*area {
	out := make([]*area, 0, len(list))
	for _, a := range list {
		if rank(a) > 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *area) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

func byRank(a *area) int   { return a.rank }
func byRank27(a *area) int { return a.rank27 }

// was gives an area's figures in the edition before; nil when there is none.
func (s *survey) was(a *area) *area {
	if s.last == nil {
		return nil
	}
	return s.last.byCode[a.Code]
}
