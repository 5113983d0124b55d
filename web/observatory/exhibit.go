package observatory

import (
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/chart"
	"zhijian/ui/component"
	"zhijian/ui/figure"
	"zhijian/ui/layout"
)

// exhibitPage is one exhibit with all that is needed to judge it.
type exhibitPage struct {
	title     string
	question  string
	editions  []component.Anchor
	picture   picture
	table     table
	tableHead string
	facts     []key // label and value
	doubts    []note
	doubtHead string
	downHead  string
	downs     []link
	lasting   string
	source    string
	embed     string
}

// forms are the files an exhibit is handed out as.
var forms = []string{"csv", "json", "svg", "xlsx"}

// mostRows is how many rows an exhibit's page shows; files have all.
const mostRows = 400

func (p *Pages) exhibit(w http.ResponseWriter, r *door.Request) error {
	id := r.PathValue("id")
	if form := strings.TrimPrefix(path.Ext(id), "."); form != "" {
		return p.file(w, r, strings.TrimSuffix(id, "."+form), form)
	}
	s, err := p.look(r)
	if err != nil {
		return err
	}
	if s.edition.Name == "" {
		return p.f.Show(w, r, http.StatusOK, s.frame(s.t("ob.none.title")).In(), nonePage(s))
	}
	x := s.find(id)
	if x == nil {
		return absent(id)
	}
	page, err := s.exhibited(x)
	if err != nil {
		return err
	}
	return p.f.Show(w, r, http.StatusOK, s.frame(page.title).In(), exhibitView(page))
}

func absent(id string) error {
	return fault.NotFound("edition.exhibit", "这一版没有图表 %s", id)
}

func (s *sight) exhibited(x *observatory.Exhibit) (page exhibitPage, err error) {
	page = exhibitPage{
		title: s.say(x.Title), question: s.say(x.Question), editions: s.editions("exhibits/" + x.ID), tableHead: s.t("ob.table"),
		doubtHead: s.t("ob.doubts", len(x.Warnings)), downHead: s.t("ob.download"), source: s.source(x),
		lasting: layout.Link(s.lang, s.lasting("exhibits/"+x.ID)), embed: layout.Link(s.lang, s.lasting("embed/"+x.ID)),
		doubts: s.doubts(x),
	}
	if page.picture, err = s.picture(x); err != nil {
		return page, err
	}
	page.table = s.table(x, nil, "", mostRows, "")
	if page.table.more != "" {
		page.table.moreTo = s.lasting("exhibits/" + x.ID + ".csv")
	}
	page.facts = []key{
		{label: s.t("ob.fact.question"), value: page.question},
		{label: s.t("ob.fact.base"), value: s.say(x.Base)},
		{label: "n", value: fixed(float64(x.N), 0)},
		{label: s.t("ob.fact.method"), value: s.say(x.Method)},
		{label: s.t("ob.fact.edition"), value: s.editionName()},
	}
	for _, f := range forms {
		if f == "svg" && len(page.picture.drawings) == 0 {
			continue
		}
		page.downs = append(page.downs, link{text: strings.ToUpper(f), href: s.lasting("exhibits/" + x.ID + "." + f)})
	}
	return page, nil
}

func (s *sight) editionName() string {
	if s.edition.Simulated {
		return s.edition.Name + s.t("ob.in", s.say(public.Simulated))
	}
	return s.edition.Name
}

func (s *sight) doubts(x *observatory.Exhibit) (list []note) {
	for _, w := range x.Warnings {
		list = append(list, note{w.ID + " " + s.t("ob.level."+string(w.Level)), s.say(w.Text)})
	}
	return list
}

// file hands an exhibit out.
func (p *Pages) file(w http.ResponseWriter, r *door.Request, id, form string) error {
	s, err := p.look(r)
	if err != nil {
		return err
	}
	x := s.find(id)
	if x == nil {
		return absent(id)
	}
	var b []byte
	var kind string
	switch form {
	case "csv":
		kind = "text/csv; charset=utf-8"
		b, err = s.edition.CSV(x)
	case "json":
		kind = "application/json"
		b, err = s.edition.JSON(x)
	case "xlsx":
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		b, err = s.edition.Workbook(x, s.lang == "en")
	case "svg":
		kind = "image/svg+xml"
		drawn := s.edition.Labelled(*x)
		b, err = figure.SVG(&drawn, s.lang, chart.Light)
	default:
		return absent(id + "." + form)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": s.edition.File(id, form)}))
	h.Set("Cache-Control", "public, max-age=60")
	_, _ = w.Write(b) // a browser that hangs up is no fault of ours
	return nil
}

// embed shows one figure that other houses may put into their pages; nothing can be done on it.
func (p *Pages) embed(w http.ResponseWriter, r *door.Request) error {
	s, err := p.look(r)
	if err != nil {
		return err
	}
	x := s.find(r.PathValue("id"))
	if x == nil {
		return absent(r.PathValue("id"))
	}
	page, err := s.exhibited(x)
	if err != nil {
		return err
	}
	o := s.frame(page.title)
	o.Bare, o.Description = true, ""
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return p.f.Show(w, r, http.StatusOK, o.In(), embedView(page))
}

// exhibitColumns puts what is needed to judge beside the figure, and below it where the table needs the width.
func exhibitColumns(p exhibitPage) string {
	if len(p.table.head) > 8 {
		return "ob-1"
	}
	return "ob-7-5"
}
