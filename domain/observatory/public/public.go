// Package public is what the world may see of an edition, and the forms it is handed out in: CSV, JSON and workbook.
//
// All makes the exhibits of an edition fit for the public: cells about fewer than Least people are suppressed, together with what they could be
// reckoned from. Every form carries the edition's name, and of a simulated edition the words 模拟数据: a file that lost its page
// still says what it is. The same exhibit gives the same bytes. Nothing here blocks.
package public

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/ground/tabular"
)

// Edition says what an edition is, without its exhibits.
type Edition struct {
	Name      string `json:"name" doc:"Used in addresses" example:"2015"`
	Simulated bool   `json:"simulated" doc:"Every figure is simulated (模拟数据) and must be shown so"`
	Previous  string `json:"previous,omitempty" doc:"The edition it is compared with"`
	Corrects  string `json:"corrects,omitempty" doc:"The edition that it corrects"`
	Reason    string `json:"reason,omitempty" doc:"Why it was corrected"`
	Accounts  int    `json:"accounts"`
	Months    int    `json:"months" doc:"Rows of monthly counters"`
	Refused   int    `json:"refused" doc:"Rows that the import did not take"`
	// FactsSum and ExhibitsSum are SHA-256 sums over the frozen facts and over the exhibits.
	FactsSum      string `json:"facts_sum" doc:"SHA-256 sum over the frozen facts"`
	ExhibitsSum   string `json:"exhibits_sum" doc:"SHA-256 sum over the exhibits"`
	MethodVersion string `json:"method_version"`
	CodeVersion   string `json:"code_version"`
}

// livePrefix begins the names of editions that a house makes of itself: live-2026-11-28.
const livePrefix = "live-"

// LiveName names the edition that a house makes of itself under "2026-11-28" or what else tells it apart.
func LiveName(of string) string { return livePrefix + of }

// Live says what follows "live-" in the name of an edition that a house makes of itself; false for any other.
func (e Edition) Live() (of string, live bool) { return strings.CutPrefix(e.Name, livePrefix) }

// Usual is the place of the edition that is shown to who names none: the newest, by name, that is not one of the house's nights, for those
// know the house alone; the newest night where there is nothing else. list is by name; -1 when it is empty.
func Usual(list []Edition) int {
	for i, e := range slices.Backward(list) {
		if _, live := e.Live(); !live {
			return i
		}
	}
	return len(list) - 1
}

// Key is the public key that signs the manifests of editions.
type Key struct {
	Algorithm   string `json:"algorithm" example:"ed25519"`
	Key         string `json:"key" doc:"In hexadecimal digits, as zhijian observatory verify --key takes it"`
	Fingerprint string `json:"fingerprint" doc:"The first 16 digits of its SHA-256 sum, in fours" example:"0123 4567 89ab cdef"`
}

// Simulated is the label of simulated data.
var Simulated = observatory.Text{Zh: "模拟数据", En: "simulated data"}

// Label is the label of the edition's data; "" in both languages when it is real.
func (e Edition) Label() observatory.Text {
	if e.Simulated {
		return Simulated
	}
	return observatory.Text{}
}

// File is the name a download has: "table-1-2015-simulated.csv".
func (e Edition) File(exhibit, form string) string {
	if e.Simulated {
		return fmt.Sprintf("%s-%s-simulated.%s", exhibit, e.Name, form)
	}
	return fmt.Sprintf("%s-%s.%s", exhibit, e.Name, form)
}

// CSV gives the table under the ids of its columns, with the edition in a last column of every row, and of a simulated edition
// the label in one more.
func (e Edition) CSV(x *observatory.Exhibit) ([]byte, error) {
	rows := x.Table()
	for i := range rows {
		last := []string{e.Name, Simulated.Zh + " " + Simulated.En}
		if i == 0 {
			last = []string{"edition", "data"}
		}
		if !e.Simulated {
			last = last[:1]
		}
		rows[i] = append(rows[i], last...)
	}
	return tabular.CSV(rows)
}

// JSON gives the exhibit with the edition it belongs to.
func (e Edition) JSON(x *observatory.Exhibit) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Edition   string `json:"edition"`
		Simulated bool   `json:"simulated"`
		Label     string `json:"label,omitempty"`
		*observatory.Exhibit
	}{e.Name, e.Simulated, e.Label().Zh, x})
	return b.Bytes(), err
}

// Workbook gives the table, and on a second sheet what is needed to judge it. English when english is true.
func (e Edition) Workbook(x *observatory.Exhibit, english bool) ([]byte, error) {
	say := func(t observatory.Text) string {
		if english {
			return t.En
		}
		return t.Zh
	}
	table := tabular.Page{Name: x.ID, Bold: 1}
	var head []any
	for _, c := range x.Columns {
		head = append(head, say(c.Title))
	}
	if e.Simulated {
		head = append(head, say(Simulated))
	}
	table.Rows = append(table.Rows, head)
	for _, r := range x.Rows {
		row := make([]any, len(r))
		for i, cell := range r {
			if n, ok := cell.Number(); ok {
				row[i] = n
			} else if s := cell.String(); s != "" {
				row[i] = s
			}
		}
		table.Rows = append(table.Rows, row)
	}
	about := tabular.Page{Name: say(observatory.Text{Zh: "说明", En: "about"})}
	if e.Simulated {
		about.Rows = append(about.Rows, []any{say(Simulated)})
	}
	for _, t := range []observatory.Text{x.Title, x.Question, x.Base, x.Method} {
		about.Rows = append(about.Rows, []any{say(t)})
	}
	about.Rows = append(about.Rows, []any{"n", float64(x.N)}, []any{e.Name})
	for _, w := range x.Warnings {
		about.Rows = append(about.Rows, []any{fmt.Sprintf("%s (%s)", w.ID, w.Level), say(w.Text)})
	}
	return tabular.XLSX([]tabular.Page{table, about})
}

// Labelled is the exhibit with the label behind its title, for drawings that leave the page.
func (e Edition) Labelled(x observatory.Exhibit) observatory.Exhibit {
	if e.Simulated {
		x.Title = observatory.Text{Zh: x.Title.Zh + "（" + Simulated.Zh + "）", En: x.Title.En + " (" + Simulated.En + ")"}
	}
	return x
}
