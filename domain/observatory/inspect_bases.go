package observatory

import (
	"cmp"
	"fmt"
	"slices"

	"zhijian/domain/observatory/measure"
)

func (s *survey) sizeShare() {
	t, n := s.sizeOf("大城市", "中等城市")
	if n == 0 {
		return
	}
	s.doubt("DQ-16", Note, fmt.Sprintf("大城市和中等城市合占全部账号的 %.1f%%", measure.Percent(t.accounts, s.nation.accounts)), fmt.Sprintf("Large and medium cities together have %.1f%% of all accounts", measure.Percent(t.accounts, s.nation.accounts)))
}

func (s *survey) classesKnown() {
	unknown := 0
	for _, c := range s.cities {
		if c.class == "" {
			unknown++
		}
	}
	s.doubt("DQ-33", Note, fmt.Sprintf("城市规模按城区常住人口分；%d 个城市没有登记规模", unknown), fmt.Sprintf("Classes follow urban residents; %d cities have no class", unknown))
}

func (s *survey) overlap() {
	gdp := s.indicatorRanks("gdp_per_head")
	if len(gdp) == 0 {
		return
	}
	both, equal := 0, 0
	for _, p := range s.provinces {
		if p.rank27 > 0 && p.rank27 <= tenRows && gdp[p.Code] > 0 && gdp[p.Code] <= tenRows {
			both++
			if p.rank27 == gdp[p.Code] {
				equal++
			}
		}
	}
	s.doubt("DQ-17", Note, fmt.Sprintf("两个前 10 都在的省有 %d 个，重合 %d%%；名次相同的有 %d 个", both, 10*both, equal), fmt.Sprintf("%d provinces are in both first tens, %d%%; %d have the same rank in both", both, 10*both, equal))
}

func (s *survey) unnamedSectors() {
	var named int
	var rest int64
	for _, f := range s.sectors {
		if f.accounts > 0 && f.id != "f54" {
			named++
		}
		if f.id == "f54" {
			rest = f.accounts
		}
	}
	if rest > 0 {
		s.doubt("DQ-20", Ambiguous, fmt.Sprintf("%d 个领域有名称；另有 %d 个账号在没有名称的领域", named, rest), fmt.Sprintf("%d sectors have a name; %d accounts lie in a sector without one", named, rest))
	}
}

func (s *survey) powerLaw() {
	var values []int64
	for _, v := range useOf(s.sectors, visitsOf) {
		if v > 0 {
			values = append(values, v)
		}
	}
	if len(values) < tenRows {
		return
	}
	z := measure.FitZipf(values)
	s.doubt("DQ-21", Ambiguous, fmt.Sprintf("基数是有使用量的 %d 个领域。二八占比不能证明齐夫分布：拟合指数 %.2f，R² %.2f", len(values), z.Exponent, z.R2),
		fmt.Sprintf("The base is %d sectors in use. 80/20 is not evidence of Zipf: fitted exponent %.2f, R² %.2f", len(values), z.Exponent, z.R2))
}

func (s *survey) institutionsKnown() {
	var public, unknown int64
	for i := range s.accounts {
		if a := &s.accounts[i]; a.Sector == medical {
			switch a.Institution {
			case "公共卫生":
				public++
			case "":
				unknown++
			}
		}
	}
	if public+unknown > 0 {
		s.doubt("DQ-41", Note, fmt.Sprintf("白皮书表 5 没有公共卫生机构（这里 %d 个）；%d 个账号没有登记类别", public, unknown), fmt.Sprintf("Table 5 of the paper has no row for public-health bodies (%d here); %d accounts have no class", public, unknown))
	}
}

// seriesBreak finds sectors whose scope must have changed: they grew fivefold while the middle sector did not even treble.
func (s *survey) seriesBreak() {
	if s.last == nil {
		return
	}
	var growths []float64
	var broken []*field
	for _, f := range s.sectors {
		was := s.last.field(f.id).accounts
		if f.accounts == 0 && was == 0 {
			continue
		}
		g := float64(f.accounts) / float64(max(was, 1))
		growths = append(growths, g)
		if f.accounts >= 5*max(was, 1) && f.accounts >= 20 {
			broken = append(broken, f)
		}
	}
	if len(broken) == 0 || measure.Median(growths) >= 3 {
		return
	}
	names, en := "", ""
	for i, f := range broken {
		if i > 0 {
			names, en = names+"、", en+", "
		}
		names, en = names+f.name, en+f.en
	}
	s.doubt("DQ-44", Ambiguous, fmt.Sprintf("口径变了：%s 增到五倍以上，别的领域没有。两版不能直接相比", names), fmt.Sprintf("Series break: %s grew fivefold while the others did not; the two editions are not like for like", en))
}

func (s *survey) shrunk() {
	for _, p := range s.provinces {
		if w := s.was(p); w != nil && w.accounts > p.accounts && s.nation.accounts > s.last.nation.accounts {
			s.doubt("DQ-26", Ambiguous, p.Short+"比上版少而全国在增长，上版也许没有按新口径重算", p.En+" shrank while the nation grew; the edition before may not have been restated")
		}
	}
	if s.last != nil {
		s.doubt("DQ-37", Note, "只有两个时点：这是增长，不是年均增长", "Two points in time: this is plain growth, no yearly mean")
	}
}

func (s *survey) levelsAgainstAll() {
	if s.last == nil {
		return
	}
	overall, ok := measure.Growth(s.nation.accounts, s.last.nation.accounts)
	_, now := s.byLevel()
	_, before := s.last.byLevel()
	for i := range now {
		if g, known := measure.Growth(now[i], before[i]); !ok || known && g >= overall {
			return
		}
	}
	s.doubt("DQ-25", Ambiguous, fmt.Sprintf("各层级的增长按不变口径，都低于登记表的 %.1f%%", overall), fmt.Sprintf("Growth by level is on constant scope; the registry grew %.1f%%", overall))
}

func (s *survey) entryBases() {
	with, _ := s.byEntry()
	if len(with) == 0 {
		return
	}
	var t tally
	for _, p := range with {
		t.merge(&p.tally)
	}
	all := s.prefectureSum()
	s.doubt("DQ-07", Ambiguous, fmt.Sprintf("%.1f%% 的基数是 334 个的合计；按全部账号是 %.1f%%", measure.Percent(t.accounts, all.accounts), measure.Percent(t.accounts, s.nation.accounts)),
		fmt.Sprintf("%.1f%% is of the 334; of all accounts it is %.1f%%", measure.Percent(t.accounts, all.accounts), measure.Percent(t.accounts, s.nation.accounts)))
	of334, _ := lift(t.active, t.accounts, all.active, all.accounts).Number()
	ofAll, _ := lift(t.active, t.accounts, s.nation.active, s.nation.accounts).Number()
	s.doubt("DQ-08", Ambiguous, fmt.Sprintf("号均高出 %.0f%%（334 个）或 %.0f%%（全部），看和谁比", of334, ofAll), fmt.Sprintf("The lift is %.0f%% on the 334 base, %.0f%% on the national base", of334, ofAll))
}

func (s *survey) launchedWithoutEntry() {
	n, visits := 0, int64(0)
	for _, l := range s.facts.Launches {
		visits += l.Visits
		if a := s.byCode[l.Region]; l.Launched && (a == nil || !a.service) {
			n++
		}
	}
	if n > 0 {
		s.doubt("DQ-28", Wrong, fmt.Sprintf("%d 项服务上线在没有城市服务的城市", n), fmt.Sprintf("%d services are launched in cities that have no entry", n))
	}
	if len(s.facts.Launches) > 0 {
		s.doubt("DQ-28", Ambiguous, "城市服务是累计数，账号是 "+s.month+" 的数，两者时点可能不同", "City-service figures are cumulative, accounts are of "+s.month+": the two dates may differ")
	}
	if reach := s.covered(); reach > 0 {
		s.doubt("DQ-29", Note, fmt.Sprintf("覆盖用户是能用的人，不是用过的人：平均每人 %.2f 次访问", float64(visits)/reach), fmt.Sprintf("Covered is reach, not use: %.2f visits a covered user", float64(visits)/reach))
	}
}

// covered is how many people the city entries could reach: the figure of the nation, or the sum of the cities' ones.
func (s *survey) covered() float64 {
	by := s.indicator("covered_users")
	if n, ok := by["000000"]; ok {
		return n
	}
	var values []float64
	for _, v := range by {
		values = append(values, v)
	}
	return measure.Sum(values)
}

func (s *survey) outsideYears() {
	var years []int
	for _, i := range s.facts.Indicators {
		if i.Indicator == "gdp_per_head" || i.Indicator == "gdp_per_head_rank" {
			years = append(years, i.Year)
		}
	}
	if len(years) > 0 {
		y := slices.Max(years)
		s.doubt("DQ-43", Note, fmt.Sprintf("人均 GDP 取 %d 年，来自外部，本台不核实", y), fmt.Sprintf("GDP per head is of %d, from outside and not checked here", y))
	}
}

func (s *survey) residents() {
	people := s.indicator("population")
	for _, p := range s.provinces {
		if n := people[p.Code]; n > 0 && float64(p.active) > n {
			s.doubt("DQ-36", Wrong, p.Short+"的活跃用户多于常住人口", p.En+" has more active users than residents")
		}
	}
}

func (s *survey) smallRosters() {
	small := slices.MinFunc(append(slices.Clone(s.facts.Rosters), Roster{Departments: 1 << 40}), func(a, b Roster) int { return cmp.Compare(a.Departments, b.Departments) })
	if len(s.facts.Rosters) > 0 {
		s.doubt("DQ-46", Note, fmt.Sprintf("基数是名册，最小的只有 %d 个部门", small.Departments), fmt.Sprintf("Bases are the roster's; the smallest has %d departments", small.Departments))
	}
}
