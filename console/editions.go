package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/say"
	"zhijian/ui/wording"
)

// mostDifferences is how many places of one exhibit a comparison lists; the command lists all.
const mostDifferences = 5

// editionPage is one edition with its findings and what differs from another one.
type editionPage struct {
	facts       component.KeyValues
	verify      component.DeskPost
	verdict     string // what a rebuild found; "" when none was asked for
	findings    component.Table
	differences component.Table
	against     component.DeskInput // no options where there is no other edition
	action      string
	compared    string
}

// editions lists the shelf, the newest first.
func (c *Console) editions(w http.ResponseWriter, r *door.Request) error {
	shelf, err := c.c.Observatory.Shelf(r.Context())
	if err != nil {
		return err
	}
	t := table(r, "desk.editions", "desk.editions_none", "desk.edition", "desk.edition_kind", "desk.edition_written", "desk.edition_accounts", "desk.edition_exhibits", "desk.edition_signer", "desk.edition_code")
	for i := len(shelf) - 1; i >= 0; i-- {
		e := shelf[i]
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: e.Name, Href: editionPath(e.Name), Small: begins(e.ExhibitsSum)},
			{Text: kindOf(r, e)},
			{Text: say.Moment(r.Lang, e.Written, c.c.Clock.Now())},
			{Text: say.Digits(int64(e.Accounts)), Small: refusedOf(r, e)},
			{Text: strconv.Itoa(e.Exhibits)},
			{Text: signerOf(r, e)},
			{Text: begins(e.CodeVersion)},
		}})
	}
	t.Columns[3].Right, t.Columns[4].Right = true, true
	head := component.DeskHead{Title: word(r, "desk.editions"), Sub: word(r, "desk.editions_sub")}
	return render(w, r, http.StatusOK, c.frame(w, r, head.Title).In(), editionsView(head, t))
}

func editionPath(name string) string { return observatoryPath + "/editions/" + url.PathEscape(name) }

// begins is enough of a sum to tell it from others.
func begins(sum string) string { return sum[:min(len(sum), 12)] }

func kindOf(r *door.Request, e Edition) string {
	key := "desk.edition_real"
	if e.Simulated {
		key = "desk.edition_invented"
	}
	kind := word(r, key)
	if _, live := e.Live(); live {
		kind = word(r, "desk.edition_live", kind)
	}
	return kind
}

func refusedOf(r *door.Request, e Edition) string {
	if e.Refused == 0 {
		return ""
	}
	return word(r, "desk.edition_refused_n", e.Refused)
}

// signerOf names the key, or says why the signature is not trusted.
func signerOf(r *door.Request, e Edition) string {
	if e.Trouble == nil {
		return e.Signer
	}
	return sentence(r, e.Trouble)
}

func sentence(r *door.Request, err error) string {
	if f := fault.Of(err); f != nil {
		return wording.Fault(r.Lang, f)
	}
	return word(r, "desk.trouble")
}

// edition shows one.
func (c *Console) edition(w http.ResponseWriter, r *door.Request) error {
	return c.drawEdition(w, r, "")
}

// verify rebuilds one and shows it with what was found.
func (c *Console) verify(w http.ResponseWriter, r *door.Request) error {
	difference, err := c.c.Observatory.Verify(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	verdict := word(r, "desk.edition_equal")
	if difference != "" {
		verdict = word(r, "desk.edition_unequal", difference)
	}
	return c.drawEdition(w, r, verdict)
}

func (c *Console) drawEdition(w http.ResponseWriter, r *door.Request, verdict string) error {
	shelf, err := c.c.Observatory.Shelf(r.Context())
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	page := editionPage{
		verdict: verdict, action: editionPath(name),
		verify:  component.DeskPost{Action: editionPath(name) + "/verify", Button: component.DeskButton{Text: word(r, "desk.edition_verify"), Tone: component.Line}},
		against: component.DeskInput{Name: "with", Label: word(r, "desk.edition_with"), Hide: true},
	}
	var e *Edition
	for i := range shelf {
		if shelf[i].Name == name {
			e = &shelf[i]
			continue
		}
		if shelf[i].Exhibits > 0 {
			page.against.Options = append(page.against.Options, component.Option{Value: shelf[i].Name, Text: shelf[i].Name, On: shelf[i].Name == r.Query("with")})
		}
	}
	if e == nil {
		return fault.NotFound("edition.none", "没有名为 %s 的版次", name)
	}
	page.facts = c.editionFacts(r, *e)
	if page.findings, err = c.findings(r, *e); err != nil {
		return err
	}
	if err := c.compare(r, &page, *e); err != nil {
		return err
	}
	head := component.DeskHead{Title: editionTitle(r, e.Edition), Buttons: []component.DeskButton{
		{Text: word(r, "desk.stat_public"), Href: layout.Link(r.Lang, "/observatory?edition="+url.QueryEscape(name)), Tone: component.Line},
	}}
	return render(w, r, http.StatusOK, c.frame(w, r, head.Title).In(), page.view(head))
}

func (c *Console) editionFacts(r *door.Request, e Edition) (kv component.KeyValues) {
	add := func(key, value string) {
		if value != "" {
			kv.Rows = append(kv.Rows, component.Row{Key: word(r, key), Value: value})
		}
	}
	add("desk.edition_kind", kindOf(r, e))
	add("desk.edition_written", say.FullMoment(r.Lang, e.Written))
	add("desk.edition_accounts", say.Digits(int64(e.Accounts)))
	add("desk.edition_months", say.Digits(int64(e.Months)))
	add("desk.edition_refused", say.Digits(int64(e.Refused)))
	add("desk.edition_previous", e.Previous)
	add("desk.edition_corrects", e.Corrects)
	add("desk.edition_reason", e.Reason)
	add("desk.edition_signer", signerOf(r, e))
	add("desk.edition_method", e.MethodVersion)
	add("desk.edition_code", e.CodeVersion)
	add("desk.edition_facts_sum", e.FactsSum)
	add("desk.edition_exhibits_sum", e.ExhibitsSum)
	return kv
}

// findings are what the data-quality rules found in an edition.
func (c *Console) findings(r *door.Request, e Edition) (component.Table, error) {
	t := table(r, "desk.edition_findings", "desk.edition_findings_none", "desk.stat_exhibit", "desk.stat_check", "desk.stat_doubt")
	if e.Exhibits == 0 {
		return t, nil
	}
	list, err := c.c.Observatory.Exhibits(r.Context(), e.Name)
	if err != nil {
		return t, err
	}
	for i := range list {
		t.Rows = append(t.Rows, doubts(r, e, &list[i])...)
	}
	return t, nil
}

func doubts(r *door.Request, e Edition, x *observatory.Exhibit) (rows []component.TableRow) {
	for _, d := range x.Warnings {
		rows = append(rows, component.TableRow{Cells: []component.Cell{
			{Text: in(r, x.Title), Href: layout.Link(r.Lang, exhibitPath(e.Edition, x.ID)) + "#doubts"},
			{Text: d.ID, Small: word(r, "desk.stat_level_"+strings.ToLower(string(d.Level)))},
			{Text: in(r, d.Text)},
		}})
	}
	return rows
}

// compare lists what differs from the edition that ?with= names.
func (c *Console) compare(r *door.Request, page *editionPage, e Edition) error {
	with := r.Query("with")
	if with == "" || e.Exhibits == 0 {
		return nil
	}
	list, err := c.c.Observatory.Differences(r.Context(), with, e.Name, mostDifferences)
	if err != nil {
		return err
	}
	page.compared = word(r, "desk.edition_compared", with, e.Name, mostDifferences)
	page.differences = table(r, "desk.edition_differences", "desk.edition_same", "desk.stat_exhibit", "desk.edition_row", "desk.edition_column", "desk.edition_was", "desk.edition_is")
	for _, d := range list {
		page.differences.Rows = append(page.differences.Rows, component.TableRow{Cells: []component.Cell{
			{Text: d.Exhibit, Href: layout.Link(r.Lang, exhibitPath(e.Edition, d.Exhibit))}, {Text: d.Row}, {Text: d.Column}, {Text: d.Was}, {Text: d.Is},
		}})
	}
	return nil
}
