package console

import (
	"net/http"
	"strings"
	"unicode"

	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/door"
	"zhijian/ground/fault"
)

// change lets edit work on a draft's outline and keeps what came of it; then shows the page and question that edit names. What cannot be
// done is said on the form.
func (c *Console) change(w http.ResponseWriter, r *door.Request, edit func(*outline.Outline) (page, ask string, err error)) error {
	one, err := c.c.Drafts.Draft(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	o, err := outline.Read([]byte(one.Text))
	if err != nil {
		return err
	}
	page, ask, err := edit(o)
	if err == nil {
		_, err = c.c.Drafts.Edit(r.Context(), r.Actor, one.Service, rev(r), string(o.Bytes()))
	}
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict) {
		return c.drawDesigner(w, r, http.StatusUnprocessableEntity, one, r.Value("page"), r.Value("ask"), f)
	}
	if err != nil {
		return err
	}
	return r.See(w, designerPath(one.Service, page, ask))
}

// both is a wording as the form sent it.
func both(r *door.Request, name string) service.Text {
	return service.Text{Zh: line(r, name), En: line(r, name+"_en")}
}

func (c *Console) editHead(w http.ResponseWriter, r *door.Request) error {
	return c.change(w, r, func(o *outline.Outline) (string, string, error) {
		h := o.Head()
		h.Name, h.About, h.Who, h.Fee, h.Promise = both(r, "name"), both(r, "about"), both(r, "who"), both(r, "fee"), both(r, "promise")
		h.Group, h.How, h.Review = r.Value("group"), r.Value("how"), line(r, "review_by")
		h.Keywords = strings.FieldsFunc(r.Value("keywords"), func(x rune) bool { return unicode.IsSpace(x) || strings.ContainsRune("、，,;；", x) })
		h.Needs, h.NoBasis = nil, r.Value("nobasis") == "1"
		for _, l := range lines(r.Value("needs")) {
			h.Needs = append(h.Needs, unbar(l))
		}
		h.Basis = basisOf(r.Value("basis"))
		if len(h.Basis) > 0 {
			h.NoBasis = false
		}
		return "", "", o.SetHead(h)
	})
}

func (c *Console) addPage(w http.ResponseWriter, r *door.Request) error {
	return c.change(w, r, func(o *outline.Outline) (string, string, error) {
		after := r.Value("page")
		pages := o.Pages()
		if after == "" && len(pages) > 1 {
			after = pages[len(pages)-2].ID // before the end
		}
		id, err := o.AddPage(r.Value("kind"), after)
		return id, "", err
	})
}

func (c *Console) editPage(w http.ResponseWriter, r *door.Request) error {
	return c.change(w, r, func(o *outline.Outline) (string, string, error) {
		id := r.Value("page")
		if id == precheckPage {
			return editPrecheck(r, o)
		}
		switch r.Value("_do") {
		case "up":
			return id, "", o.MovePage(id, -1)
		case "down":
			return id, "", o.MovePage(id, 1)
		case "remove":
			return "", "", o.RemovePage(id)
		case "ask":
			ask, err := o.AddQuestion(id)
			return id, ask, err
		}
		return id, "", savePage(r, o, id)
	})
}

// savePage takes the page's lines when they were changed, and otherwise the form's fields.
func savePage(r *door.Request, o *outline.Outline, id string) error {
	for _, p := range o.Pages() {
		if p.ID != id {
			continue
		}
		if raw := newlines(r.Value("raw")); strings.TrimSpace(raw) != strings.TrimSpace(p.Raw) {
			return o.SetRaw(id, raw)
		}
		set := map[string]*service.Text{"name": &p.Name, "title": &p.Title, "lead": &p.Lead, "button": &p.Button, "say": &p.Say}
		for _, name := range p.Wordings() {
			*set[name] = both(r, "page_"+name)
		}
		p.Level, p.If = r.Value("level"), line(r, "if")
		return o.SetPage(p)
	}
	return fault.NotFound("outline.page", "没有这一页，可能刚刚被改过")
}

func (c *Console) editQuestion(w http.ResponseWriter, r *door.Request) error {
	return c.change(w, r, func(o *outline.Outline) (string, string, error) {
		page, ask := r.Value("page"), r.Value("ask")
		if page == precheckPage {
			return editPrecheckPart(r, o)
		}
		switch r.Value("_do") {
		case "up":
			return page, ask, o.MoveQuestion(page, ask, -1)
		case "down":
			return page, ask, o.MoveQuestion(page, ask, 1)
		case "remove":
			return page, "", o.RemoveQuestion(page, ask)
		}
		q, err := o.Question(ask)
		if err != nil {
			return "", "", err
		}
		q = typed(r, q)
		if r.Value("_do") == "prefill" {
			if known := outline.Known(q.Type); q.Type == "plate" {
				q.From = known // there may be several
			} else {
				q.Prefill = known
			}
		}
		return page, ask, o.SetQuestion(q)
	})
}

// typed is a question as the form sent it.
func typed(r *door.Request, q outline.Question) outline.Question {
	q.Ask, q.Label, q.Hint, q.Why = both(r, "ask_ask"), both(r, "ask_label"), both(r, "ask_hint"), both(r, "ask_why")
	q.Type, q.Min, q.Max, q.Optional = r.Value("type"), line(r, "min"), line(r, "max"), r.Value("optional") == "1"
	switch {
	case q.Type != "choice":
		q.Options = nil
	case r.Value("options") != "":
		q.Options = optionsOf(r.Value("options"))
	}
	return q
}
