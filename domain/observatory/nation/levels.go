package nation

import (
	"fmt"
	"math/rand/v2"

	"zhijian/domain/observatory"
)

// mix says how a place's accounts divide into levels, in permille of all; the rest is the county's.
type mix struct {
	top      observatory.Level
	own      int // of the place itself
	township int
}

// mixOf is assumed but for 杭州, where over a third is township (2.1).
func mixOf(v place) mix {
	switch v.bucket {
	case prefectural:
		if v.code == "330100" {
			return mix{observatory.Municipal, 220, 360}
		}
		return mix{observatory.Municipal, 280, 135}
	case municipal:
		return mix{observatory.Provincial, 300, 140}
	case central:
		return mix{observatory.National, 1000, 0}
	case unresolved:
		return mix{observatory.County, 0, 350}
	}
	return mix{observatory.Provincial, 1000, 0}
}

const (
	policeLow           = 6579 // 65.4 percent of 10,060 are county or township
	policeInShandong    = 792
	policeShandong      = 519 // of these are county
	policeShandongTowns = 13
)

// ranked says how many police accounts of a place are its own, and how many a township's.
type ranked struct{ own, towns int }

// level gives every account its level. Accounts come by place and sector.
func (c *census) level(rng *rand.Rand, list []place, all []account) error {
	officers, err := policeLevels(list)
	if err != nil {
		return err
	}
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].place == all[from].place {
			to++
		}
		levelOf(rng, list[all[from].place], all[from:to], officers[all[from].place])
		from = to
	}
	return nil
}

func policeLevels(list []place) ([]ranked, error) {
	out := make([]ranked, len(list))
	left, own := -policeLow, 0
	var prefectures, shandong []int
	for i, v := range list {
		n := v.sectors[police]
		left += n
		switch v.bucket {
		case pooled, central, abroad:
			out[i].own = n
		case municipal:
			out[i] = ranked{int(nearest(float64(n) * 0.3)), n * 14 / 100}
		case unresolved:
			out[i].towns = n * 35 / 100
		case prefectural:
			if v.rank >= policePrefectures {
				continue
			}
			if v.code[:2] == "37" {
				shandong = append(shandong, i)
			} else {
				prefectures = append(prefectures, i)
			}
		}
		if v.code == "370000" {
			own = n
		}
		left -= out[i].own
	}
	here := policeInShandong - own - policeShandong - policeShandongTowns
	for _, group := range []struct {
		at  []int
		own int
	}{{shandong, here}, {prefectures, left - here}} {
		weights := make([]float64, len(group.at))
		for k, i := range group.at {
			weights[k] = float64(list[i].sectors[police] - 1)
		}
		if group.own < len(group.at) {
			return nil, fmt.Errorf("%d prefectures share %d police accounts of their own", len(group.at), group.own)
		}
		for k, n := range shareFrom(int64(group.own), weights) {
			i := group.at[k]
			out[i].own = int(n)
			out[i].towns = (list[i].sectors[police] - int(n)) * 18 / 100
		}
	}
	for k, i := range shandong {
		out[i].towns = policeShandongTowns / len(shandong)
		if k < policeShandongTowns%len(shandong) {
			out[i].towns++
		}
	}
	return out, nil
}

func levelOf(rng *rand.Rand, v place, of []account, officers ranked) {
	m := mixOf(v)
	lower := observatory.County
	if v.bucket == prefectural && len(v.counties) == 0 {
		lower = observatory.Township // 东莞, 中山 and 儋州 have no counties
	}
	own, towns := int(nearest(float64(m.own*len(of))/1000)), int(nearest(float64(m.township*len(of))/1000))
	var rest []*account
	seen := 0
	for i := range of {
		a := &of[i]
		switch {
		case m.own == 1000:
			a.level = m.top
		case a.sector == police:
			a.level = lower
			if seen++; seen <= officers.own {
				a.level = m.top
				own--
			} else if seen <= officers.own+officers.towns {
				a.level = observatory.Township
				towns--
			}
		case a.sector == streets:
			a.level = observatory.Township
			towns--
		case a.sector == tourism && (i == 0 || of[i-1].sector != tourism) && (v.bucket == municipal || v.bucket == prefectural && v.rank < tourismPrefectures):
			a.level = m.top
			own--
		case a.sector == tourism:
			a.level = lower
		default:
			rest = append(rest, a)
		}
	}
	rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	own, towns = max(own, 0), max(towns, 0)
	for i, a := range rest {
		switch {
		case i < own:
			a.level = m.top
		case i < own+towns:
			a.level = observatory.Township
		default:
			a.level = lower
		}
	}
}
