package console

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/skip2/go-qrcode"

	"zhijian/domain/draft"
	"zhijian/domain/service/outline"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// versionsPage is what was published, what changed each time, and what was done.
type versionsPage struct {
	Wrong    string
	Next     *versionPart // what is being written, against what residents are offered; nil when it is the same
	Asked    string       // that somebody asks for an earlier version; empty for nobody
	Agree    *stateForm   // to do as they ask; nil for whoever asked
	Parts    []versionPart
	Acts     component.Table
	Withdraw *stateForm
}

// versionPart is one version with what is new in it.
type versionPart struct {
	Title   string
	Note    string
	Changes []string
	Export  component.DeskButton
	Back    *stateForm // to offer it again; nil for the one that is offered
}

// stateForm does one thing for a reason.
type stateForm struct {
	Form   component.Form
	Reason component.DeskInput
	Button component.DeskButton
}

// versions shows a service's history.
func (c *Console) versions(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Drafts.Draft(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.drawVersions(w, r, http.StatusOK, one, nil)
}

func (c *Console) drawVersions(w http.ResponseWriter, r *door.Request, status int, one draft.Draft, wrong *fault.Error) error {
	p := versionsPage{}
	if wrong != nil {
		p.Wrong = faultText(r, wrong)
	}
	if n := len(one.Editions); one.State != draft.Published {
		last := ""
		if n > 0 {
			last = one.Editions[n-1].Text
		}
		if e, ok := one.Edition(one.Live); ok {
			last = e.Text
		}
		p.Next = &versionPart{Title: word(r, "desk.version_next", one.Next()), Note: word(r, "desk.service_"+string(one.State)), Changes: changes(r, last, one.Text)}
	}
	if b := one.Back; b.Version != 0 {
		who, err := c.nameOf(r, b.By)
		if err != nil {
			return err
		}
		p.Asked = word(r, "desk.back_asked", who, b.Version, b.Reason)
		if b.By != r.Actor.ID && !r.Member.Operator {
			p.Agree = c.stateForm(r, one, "rollback", strconv.Itoa(b.Version))
		}
	}
	now := c.c.Clock.Now()
	for i, e := range slices.Backward(one.Editions) {
		was := ""
		if i > 0 {
			was = one.Editions[i-1].Text
		}
		part := versionPart{
			Title: word(r, "desk.version", e.Version), Changes: changes(r, was, e.Text),
			Export: component.DeskButton{Text: word(r, "desk.service_export"), Href: servicePath(one.Service) + "/file?version=" + strconv.Itoa(e.Version), Tone: component.Line},
		}
		by, err := c.nameOf(r, e.By)
		if err != nil {
			return err
		}
		approver, err := c.nameOf(r, e.Approver)
		if err != nil {
			return err
		}
		part.Note = word(r, "desk.version_note", say.Moment(r.Lang, e.At, now), by, approver)
		if e.Back != 0 {
			part.Title = word(r, "desk.version_back", e.Version, e.Back)
		}
		if e.Version == one.Live {
			part.Title += word(r, "desk.version_live")
		} else if !r.Member.Operator {
			part.Back = c.stateForm(r, one, "askback", strconv.Itoa(e.Version))
		}
		p.Parts = append(p.Parts, part)
	}
	if one.Live != 0 {
		p.Withdraw = c.stateForm(r, one, "withdraw", "")
	}
	p.Acts = table(r, "desk.acts", "desk.services_none", "desk.act_when", "desk.act_what", "desk.act_who", "desk.act_why")
	for _, a := range slices.Backward(one.Acts) {
		who, err := c.nameOf(r, a.Who)
		if err != nil {
			return err
		}
		what := word(r, "desk.act_"+a.What)
		if a.Version > 0 {
			what += "　" + word(r, "desk.services_version", a.Version)
		}
		p.Acts.Rows = append(p.Acts.Rows, component.TableRow{Cells: []component.Cell{{Text: say.Moment(r.Lang, a.At, now)}, {Text: what}, {Text: who}, {Text: a.Reason}}})
	}
	title := titleOf(r, one)
	d := c.serviceFrame(w, r, title)
	head := component.DeskHead{
		Title: word(r, "desk.service_versions"), Sub: title, Buttons: []component.DeskButton{{Text: word(r, "desk.service_form"), Href: servicePath(one.Service), Tone: component.Line}},
	}
	return render(w, r, status, d.In(), p.view(head))
}

func (c *Console) stateForm(r *door.Request, one draft.Draft, what, version string) *stateForm {
	hidden := []component.Hidden{{Name: "what", Value: what}, {Name: "from", Value: "versions"}}
	if version != "" {
		hidden = append(hidden, component.Hidden{Name: "version", Value: version})
	}
	return &stateForm{
		Form:   component.Form{Action: servicePath(one.Service) + "/state", Hidden: hidden},
		Reason: component.DeskInput{Name: "reason", ID: what + version + "_reason", Label: word(r, "desk.service_reason"), Max: 300},
		Button: component.DeskButton{Text: word(r, "desk.do_"+what), Tone: component.Danger, Spoken: version},
	}
}

// changes says what became of one text in another.
func changes(r *door.Request, was, is string) []string {
	if was == "" {
		return []string{word(r, "desk.version_first")}
	}
	a, err := outline.Read([]byte(was))
	if err != nil {
		return nil
	}
	b, err := outline.Read([]byte(is))
	if err != nil {
		return nil
	}
	var out []string
	for _, t := range outline.Differences(a, b) {
		out = append(out, t.In(r.Lang))
	}
	if len(out) == 0 {
		out = []string{word(r, "desk.version_same")}
	}
	return out
}

// nameOf is what colleagues read of who did something.
func (c *Console) nameOf(r *door.Request, id int64) (string, error) {
	if id == 0 {
		return "–", nil
	}
	name, err := c.c.Staff.Name(r.Context(), id)
	if err == nil && name == "" {
		name = "–"
	}
	return name, err
}

// moveService does what was chosen with the text as a whole.
func (c *Console) moveService(w http.ResponseWriter, r *door.Request) error {
	id, why := r.PathValue("id"), r.Value("reason")
	var err error
	switch r.Value("what") {
	case "submit":
		_, err = c.c.Drafts.Submit(r.Context(), r.Actor, id, rev(r), why)
	case "approve":
		_, err = c.c.Drafts.Approve(r.Context(), r.Actor, id, rev(r), why)
	case "release":
		var one draft.Draft
		if one, err = c.c.Drafts.Approve(r.Context(), r.Actor, id, rev(r), why); err == nil {
			_, err = c.c.Drafts.Publish(r.Context(), r.Actor, id, one.Rev)
		}
	case "return":
		_, err = c.c.Drafts.Return(r.Context(), r.Actor, id, rev(r), why)
	case "publish":
		_, err = c.c.Drafts.Publish(r.Context(), r.Actor, id, rev(r))
	case "askback":
		version, _ := strconv.Atoi(r.Value("version"))
		_, err = c.c.Drafts.AskBack(r.Context(), r.Actor, id, version, why)
	case "rollback":
		version, _ := strconv.Atoi(r.Value("version"))
		_, err = c.c.Drafts.RollBack(r.Context(), r.Actor, id, version, why)
	case "withdraw":
		_, err = c.c.Drafts.Withdraw(r.Context(), r.Actor, id, why)
	default:
		err = fault.Invalid("draft.what", "请选要做什么")
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.KindInvalid && f.Kind != fault.KindConflict && f.Code != "draft.own" && f.Code != "draft.back_own" {
		if err != nil {
			return err
		}
		if r.Value("from") == "versions" {
			return r.See(w, servicePath(id)+"/versions")
		}
		return r.See(w, servicePath(id))
	}
	one, err := c.c.Drafts.Draft(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	if r.Value("from") == "versions" {
		return c.drawVersions(w, r, http.StatusUnprocessableEntity, one, f)
	}
	return c.drawDesigner(w, r, http.StatusUnprocessableEntity, one, "", "", f)
}

// trialPage is the link to try a service out, and its picture for a phone's camera.
type trialPage struct {
	Note    string
	Link    string
	Picture string
	Spoken  string
	Back    component.DeskButton
	Foot    templ.Component // what can be done with the text as a whole
}

// tryService makes a link and shows it once.
func (c *Console) tryService(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Drafts.Try(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	link := c.c.Origin + "/try/" + one.Trial
	picture, err := qrcode.Encode(link, qrcode.Medium, 220)
	if err != nil {
		return err
	}
	p := trialPage{
		Note: word(r, "desk.trial_note", say.FullMoment(r.Lang, one.TrialUntil)), Link: link, Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture),
		Spoken: word(r, "desk.trial_picture"), Back: component.DeskButton{Text: word(r, "desk.service_form"), Href: servicePath(one.Service), Tone: component.Line},
	}
	g, err := c.groundOf(r, one)
	if err != nil {
		return err
	}
	_, found := draft.Check(one, one.Text, g)
	p.Foot = c.footOf(r, one, found).view()
	title := titleOf(r, one)
	return render(w, r, http.StatusOK, c.serviceFrame(w, r, title).In(), p.view(component.DeskHead{Title: word(r, "desk.service_try"), Sub: title}))
}
