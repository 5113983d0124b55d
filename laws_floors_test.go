package zhijian

import (
	"strings"
	"testing"
)

// floor says how high a room stands: a package imports only lower floors (docs/map.md).
var floor = map[string]int{
	"ground": 0, "domain": 1, "door": 2, "ui": 2, "store": 2, "bus": 2, "outside": 2,
	"web": 3, "console": 3, "api": 3, "wechat": 3, "sandbox": 3, "server": 4, "cmd": 5,
}

// lines are the only imports between rooms of the domain floor.
var lines = map[string][]string{
	"region": {}, "sector": {}, "identity": {},
	"department":  {"region", "sector"},
	"staff":       {"department"},
	"account":     {"department", "region", "sector"},
	"media":       {"account"},
	"menu":        {"account"},
	"follower":    {"account", "identity"},
	"article":     {"account", "media"},
	"broadcast":   {"account", "article", "follower"},
	"message":     {"account", "follower", "media"},
	"service":     {"department", "region", "sector"},
	"draft":       {"service"},
	"payment":     {"identity"},
	"sheet":       {},
	"draw":        {},
	"booking":     {"service", "identity"},
	"card":        {"identity", "department"},
	"cases":       {"service", "identity", "payment", "booking", "card"},
	"bundle":      {"service", "identity", "cases"},
	"complaint":   {"department", "region", "identity"},
	"alert":       {"department", "region"},
	"observatory": {"account", "region", "sector"},
	"report":      {"observatory"},
}

// siblings are imports within one floor that docs/map.md declares.
var siblings = map[string][]string{
	"bus":  {"store"}, // the log bus reads the event table
	"door": {"ui"},    // error pages are pages
}

const module = "zhijian/"

// room splits an import path of this module: "zhijian/domain/payment" is room "payment" of wing "domain".
func room(path string) (wing, name string, ok bool) {
	rest, ok := strings.CutPrefix(path, module)
	if !ok {
		return "", "", false
	}
	parts := strings.Split(rest, "/")
	if len(parts) > 1 {
		return parts[0], parts[1], true
	}
	return parts[0], "", true
}

func TestFloors(t *testing.T) {
	for _, s := range tree(t) {
		wing, _, _ := room(module + s.dir)
		from, known := floor[wing]
		if !known {
			if s.dir != "." && wing != "catalog" && wing != "testkit" {
				t.Errorf("%s: %q is no wing of this house; draw it in docs/map.md and in this test", s.path, wing)
			}
			continue
		}
		if s.test {
			continue // tests may build the house around a room
		}
		for _, i := range s.imports {
			to, _, ours := room(i)
			if !ours || to == "catalog" {
				continue
			}
			if to == "testkit" {
				t.Errorf("%s imports %s: testkit is for tests only", s.path, i)
				continue
			}
			checkFloor(t, s, wing, from, i, to)
		}
	}
}

func checkFloor(t *testing.T, s source, wing string, from int, path, to string) {
	t.Helper()
	if wing == to {
		return
	}
	for _, ok := range siblings[wing] {
		if ok == to {
			return
		}
	}
	if floor[to] >= from {
		t.Errorf("%s imports %s: floor %d may import only lower floors (docs/map.md)", s.path, path, from)
	}
	if from == 3 && (to == "store" || to == "bus" || to == "outside") {
		t.Errorf("%s imports %s: a door speaks to desks; server alone sees stores and the world", s.path, path)
	}
	if wing == "sandbox" && to != "ground" {
		t.Errorf("%s imports %s: the imitation world may not know the house it imitates for", s.path, path)
	}
}

func TestDomainLines(t *testing.T) {
	for _, s := range tree(t) {
		wing, name, _ := room(module + s.dir)
		if wing != "domain" || s.test {
			continue
		}
		allowed, known := lines[name]
		if !known {
			t.Errorf("%s: %q is no word of docs/words.md", s.path, name)
			continue
		}
		for _, i := range s.imports {
			w, n, ours := room(i)
			if !ours || w != "domain" || n == name {
				continue
			}
			found := false
			for _, a := range allowed {
				found = found || a == n
			}
			if !found {
				t.Errorf("%s imports %s: %s may know only %v; a new line needs the table and an ADR", s.path, i, name, allowed)
			}
		}
	}
}
