package observatory_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	facts "zhijian/domain/observatory"
)

// TestRanksOfExhibits: the ranks of a region's page are those of the exhibit, also where they are reckoned here.
func TestRanksOfExhibits(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	h := open(t, s)
	for _, c := range []struct {
		exhibit, page string
		columns       []string // in the order of the table: accounts, active users, per account
	}{
		{"provinces", "/regions/", []string{"rank", "active_rank", "mean_rank"}},
		{"appendix-1", "/regions/", []string{"rank", "total_rank", "active_rank"}},
		{"appendix-2", "/sectors/", []string{"rank", "active_rank", "mean_rank"}},
	} {
		x := exhibitOf(t, s, c.exhibit)
		for _, i := range []int{0, len(x.Rows) / 2, len(x.Rows) - 1} {
			key := x.Rows[i][0].String()
			said := strings.Split(said(t, get(h, "/observatory"+c.page+key).Body.String()), "\n")
			var ranks []string
			for at, line := range said[:len(said)-1] {
				if said[at+1] == "共 "+strconv.Itoa(len(x.Rows)) {
					ranks = append(ranks, line)
				}
			}
			for k, column := range c.columns {
				if want, _ := x.Find(key, column); k >= len(ranks) || ranks[k] != want.String() {
					t.Errorf("%s of %s: the page says %v, the exhibit %s", column, key, ranks, want)
				}
			}
		}
	}
}

func exhibitOf(t *testing.T, s shelf, id string) facts.Exhibit {
	t.Helper()
	for _, x := range s.of["2015"] {
		if x.ID == id {
			return x
		}
	}
	t.Fatalf("no exhibit %s", id)
	return facts.Exhibit{}
}

// TestSorting: a table that is sorted by a column is in its order, and every row is still there.
func TestSorting(t *testing.T) {
	t.Parallel()
	h := open(t, nationShelf(t))
	for query, up := range map[string]bool{"sort=mean_rank": true, "sort=-mean_rank": false} {
		rows := cells(t, get(h, "/observatory/provinces?"+query).Body.String(), "号均活跃名次")
		if len(rows) != 31 {
			t.Fatalf("%s: %d rows", query, len(rows))
		}
		for i, r := range rows {
			want := strconv.Itoa(i + 1)
			if !up {
				want = strconv.Itoa(31 - i)
			}
			if r != want {
				t.Errorf("%s: row %d is %s, want %s", query, i, r, want)
			}
		}
	}
}

// cells are the texts below a heading in the tables of a page.
func cells(t *testing.T, page, heading string) (list []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	must(t, err)
	var text func(n *html.Node) string
	text = func(n *html.Node) string {
		if n.Type == html.TextNode {
			return n.Data
		}
		out := ""
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			out += text(c)
		}
		return strings.TrimSpace(out)
	}
	at := -1
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Data == "table" {
			at = -1
		}
		if n.Data == "tr" {
			i := 0
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Type != html.ElementNode {
					continue
				}
				switch {
				case c.Data == "th" && text(c) == heading:
					at = i
				case i == at && c.Data == "td":
					list = append(list, text(c))
				}
				i++
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return list
}

// TestNoSmallPeople: no page of accounts shows a number of 1 to 9 people.
func TestNoSmallPeople(t *testing.T) {
	t.Parallel()
	h := open(t, nationShelf(t))
	few := regexp.MustCompile(`^[1-9]$`)
	for _, path := range []string{"/accounts?q=%E4%BA%A4%E8%AD%A6", "/accounts?region=330000&page=40", "/accounts?sector=f02&page=200", "/regions/330300", "/sectors/f02", "/accounts/sim0000031"} {
		rows := cells(t, get(h, "/observatory"+path).Body.String(), "活跃用户")
		if len(rows) == 0 && !strings.HasPrefix(path, "/accounts/") {
			t.Errorf("%s: no column of people", path)
		}
		for _, r := range rows {
			if few.MatchString(r) {
				t.Errorf("%s shows %s people", path, r)
			}
		}
	}
}

// TestLongName: what is looked for is cut to a length, between characters.
func TestLongName(t *testing.T) {
	t.Parallel()
	h := open(t, nationShelf(t))
	w := get(h, "/observatory/accounts?q="+strings.Repeat("%E4%BA%A4", 500))
	if w.Code != 200 || !utf8.Valid(w.Body.Bytes()) || strings.Contains(w.Body.String(), strings.Repeat("交", 41)) {
		t.Errorf("status %d", w.Code)
	}
}
