package observatory

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/ui/component"
)

// chapterPlan says what a chapter shows: figures, one table whole, and the exhibits that belong to it.
type chapterPlan struct {
	title, lead string // words
	figures     []string
	table       string
	columns     []string
	bar         string
	others      []string
}

func plan(id string) chapterPlan {
	switch id {
	case "provinces":
		return chapterPlan{
			"ob.provinces.head", "ob.provinces.lead",
			[]string{"figure-2", "figure-4"},
			"provinces",
			[]string{"rank", "name", "name_en", "accounts", "rank_moved", "growth", "active", "active_rank", "mean", "mean_rank", "rank_gap", "verified_share", "service_share", "tier"},
			"accounts",
			[]string{"table-1", "table-2", "figure-3", "province-tiers", "verified", "ownership", "levels", "figure-11", "figure-12", "figure-13", "table-6", "medical", "police", "tourism", "utilities"},
		}
	case "prefectures":
		return chapterPlan{
			"ob.prefectures.head", "ob.prefectures.lead",
			[]string{"figure-9", "figure-8"},
			"appendix-1",
			[]string{"rank", "name", "name_en", "province", "accounts", "active", "mean", "active_rank", "rank_gap", "service_share", "tier"},
			"accounts",
			[]string{"table-3", "table-4", "figure-5", "figure-6", "table-7", "figure-14", "tier-choice", "concentration", "lorenz", "correlations", "entry-match"},
		}
	case "sectors":
		return chapterPlan{
			"ob.sectors.head", "ob.sectors.lead",
			[]string{"figure-15", "figure-10"},
			"appendix-2",
			[]string{"rank", "name", "name_en", "accounts", "share", "verified_share", "service_share", "active", "active_rank", "mean", "mean_rank"},
			"accounts",
			[]string{"table-5", "table-8", "growth", "classes", "sector-cover", "police-kinds", "zipf", "health"},
		}
	}
	return chapterPlan{
		"ob.services.head", "ob.services.lead",
		[]string{"figure-16", "figure-17"},
		"launches",
		[]string{"name", "name_en", "cities", "share", "visits"},
		"share",
		[]string{"figure-6", "figure-7", "entry-effect", "entry-match", "table-9"},
	}
}

type chapterPage struct {
	title, lead string
	editions    []component.Anchor
	figures     panelRow
	table       panel
	others      []link
	othersHead  string
}

// link leads to an exhibit.
type link struct{ text, href, note string }

func (p *Pages) chapter(id string) func(*sight) (string, templ.Component, error) {
	return func(s *sight) (string, templ.Component, error) {
		c := plan(id)
		page := chapterPage{title: s.t(c.title), lead: s.t(c.lead, s.edition.Name), figures: panelRow{class: "ob-1-1"}, othersHead: s.t("ob.others"), editions: s.editions(id)}
		for _, f := range c.figures {
			x := s.find(f)
			if x == nil {
				continue
			}
			one := s.panel(x, "", "")
			var err error
			if one.picture, err = s.picture(x); err != nil {
				return "", nil, err
			}
			page.figures.panels = append(page.figures.panels, one)
		}
		if x := s.find(c.table); x != nil {
			page.table = s.panel(x, "", "")
			page.table.id += "-all"
			wide := s.withGaps(x)
			by, err := sorting(wide, c.columns, s.r.Query("sort"))
			if err != nil {
				return "", nil, err
			}
			t := s.table(by.rows(wide), c.columns, c.bar, 0, "")
			s.sortable(&t, id, wide, c.columns, by)
			page.table.table = &t
		}
		for _, o := range c.others {
			if x := s.find(o); x != nil {
				page.others = append(page.others, link{s.say(x.Title), s.to("exhibits/" + o), o})
			}
		}
		return page.title, chapterView(page), nil
	}
}

// editions lead to the same page in each edition; of the house's own nights to the newest, and to the one that is shown.
func (s *sight) editions(path string) (list []component.Anchor) {
	offered := false // a newer night
	for _, e := range slices.Backward(s.all) {
		night, live := e.Live()
		text, on := e.Name, e.Name == s.edition.Name
		if live {
			if offered && !on {
				continue
			}
			text, offered = s.t("ob.live", night), true
		}
		list = append(list, component.Anchor{Text: text, Href: strings.TrimSuffix("/observatory/"+path, "/") + "?edition=" + url.QueryEscape(e.Name), On: on})
	}
	slices.Reverse(list)
	return list
}
