package console

import (
	"net/http"
	"net/url"
	"strconv"

	"zhijian/domain/payment"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const moneyPath = "/console/money"

// moneyPage is what the list of money that needs a person shows.
type moneyPage struct {
	Troubles component.Table
	Findings component.Table
	Days     component.Table
}

// moneyForm is one thing to decide about money.
type moneyForm struct {
	Facts  component.KeyValues
	Note   string
	Action string
	What   component.DeskChoices // no options when there is only one way
	Reason component.DeskInput
	Button component.DeskButton
}

// moneyRoutes are the operator's pages about money. Department staff have no part in it: a refund is the platform's to move.
func (c *Console) moneyRoutes() []door.Route {
	const finding = moneyPath + "/findings/{day}/{no}/{kind}/{ref}"
	return []door.Route{
		{Method: http.MethodGet, Path: moneyPath, About: "money that needs a person", Access: door.OperatorOnly, Handler: c.money},
		{Method: http.MethodGet, Path: moneyPath + "/orders/{no}/{part}", About: "one payment or refund that needs a person", Access: door.OperatorOnly, Handler: c.trouble},
		{Method: http.MethodPost, Path: moneyPath + "/orders/{no}/{part}", About: "retry a refund or settle it by hand", Access: door.OperatorOnly, Handler: c.settle},
		{Method: http.MethodGet, Path: finding, About: "one difference between ledger and bill", Access: door.OperatorOnly, Handler: c.finding},
		{Method: http.MethodPost, Path: finding, About: "accept a difference", Access: door.OperatorOnly, Handler: c.accept},
	}
}

// moneyTile counts what waits about money.
func (c *Console) moneyTile(r *door.Request) (component.TodoTile, error) {
	troubles, err := c.c.Payment.Troubles(r.Context(), r.Actor, listed)
	if err != nil {
		return component.TodoTile{}, err
	}
	findings, err := c.c.Payment.Unexplained(r.Context(), r.Actor, listed)
	if err != nil {
		return component.TodoTile{}, err
	}
	days, err := c.c.Payment.Unreconciled(r.Context(), r.Actor)
	if err != nil {
		return component.TodoTile{}, err
	}
	first := ""
	switch {
	case len(troubles) > 0:
		first = say.Moment(r.Lang, troubles[0].Since, c.c.Clock.Now())
	case len(findings) > 0:
		first = findings[0].Day
	case len(days) > 0:
		first = days[0].Date
	}
	t := c.tile(r, "desk.money", len(troubles)+len(findings)+len(days), first)
	t.Href = moneyPath
	return t, nil
}

// money lists what needs a person.
func (c *Console) money(w http.ResponseWriter, r *door.Request) error {
	troubles, err := c.c.Payment.Troubles(r.Context(), r.Actor, listed)
	if err != nil {
		return err
	}
	findings, err := c.c.Payment.Unexplained(r.Context(), r.Actor, listed)
	if err != nil {
		return err
	}
	days, err := c.c.Payment.Unreconciled(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	page := moneyPage{
		Troubles: table(r, "desk.money_open", "desk.money_open_empty", "desk.money_what", "desk.money_amount", "desk.since", "desk.money_order"),
		Findings: table(r, "desk.money_findings", "desk.money_findings_empty", "desk.money_day", "desk.money_what", "desk.money_ours", "desk.money_theirs"),
		Days:     table(r, "desk.money_days", "desk.money_days_empty", "desk.money_day", "desk.tries"),
	}
	for _, one := range troubles {
		page.Troubles.Rows = append(page.Troubles.Rows, component.TableRow{Cells: []component.Cell{
			{Text: word(r, "desk.money_"+one.What), Href: orderPath(one), Small: one.Order.About},
			{Text: amountOf(one.Amount, one.Currency), Num: true},
			{Text: say.Moment(r.Lang, one.Since, c.c.Clock.Now())},
			{Text: one.Order.No, Num: true},
		}})
	}
	for _, f := range findings {
		page.Findings.Rows = append(page.Findings.Rows, component.TableRow{Cells: []component.Cell{
			{Text: f.Day, Href: findingPath(f), Small: f.No},
			{Text: word(r, "desk.money_kind_"+f.Kind), Small: f.Ref},
			{Text: amountOf(f.Ours, payment.Currency), Num: true},
			{Text: amountOf(f.Theirs, payment.Currency), Num: true},
		}})
	}
	for _, d := range days {
		page.Days.Rows = append(page.Days.Rows, component.TableRow{Cells: []component.Cell{{Text: d.Date}, {Text: strconv.Itoa(d.Try)}}})
	}
	title := word(r, "desk.money")
	return render(w, r, http.StatusOK, c.frame(w, r, title).In(), page.view(component.DeskHead{Title: title, Sub: word(r, "desk.money_sub")}))
}

func table(r *door.Request, caption, empty string, columns ...string) component.Table {
	t := component.Table{Caption: word(r, caption), Empty: word(r, empty)}
	for _, key := range columns {
		t.Columns = append(t.Columns, component.Column{Text: word(r, key)})
	}
	return t
}

func orderPath(t payment.Trouble) string {
	return moneyPath + "/orders/" + t.Order.No + "/" + strconv.Itoa(t.Part)
}

func findingPath(f payment.Finding) string {
	ref := f.Ref
	if ref == "" {
		ref = "-"
	}
	return moneyPath + "/findings/" + url.PathEscape(f.Day) + "/" + url.PathEscape(f.No) + "/" + url.PathEscape(f.Kind) + "/" + url.PathEscape(ref)
}

func amountOf(f money.Fen, currency string) string {
	if currency == payment.Currency {
		return f.Yuan()
	}
	return currency + " " + f.String()
}

// trouble shows one thing and what can be done about it.
func (c *Console) trouble(w http.ResponseWriter, r *door.Request) error {
	return c.drawTrouble(w, r, http.StatusOK, nil)
}

func (c *Console) drawTrouble(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	part, err := strconv.Atoi(r.PathValue("part"))
	if err != nil {
		part = -1 // there is none
	}
	one, err := c.c.Payment.Trouble(r.Context(), r.Actor, r.PathValue("no"), part)
	if err != nil {
		return err
	}
	refund, transaction := one.Order.RefundNo, one.Order.Transaction
	if part > 0 {
		refund, transaction = one.Order.Extra[part-1].RefundNo, one.Order.Extra[part-1].Transaction
	}
	form := moneyForm{Note: word(r, "desk.money_note_"+one.What), Action: orderPath(one)}
	for _, row := range []component.Row{
		{Key: word(r, "desk.money_order"), Value: one.Order.No},
		{Key: word(r, "desk.money_case"), Value: one.Order.For.No},
		{Key: word(r, "desk.money_amount"), Value: amountOf(one.Amount, one.Currency)},
		{Key: word(r, "desk.money_transaction"), Value: transaction},
		{Key: word(r, "desk.money_refund_no"), Value: refund},
		{Key: word(r, "desk.since"), Value: say.Moment(r.Lang, one.Since, c.c.Clock.Now())},
	} {
		if row.Value != "" {
			form.Facts.Rows = append(form.Facts.Rows, row)
		}
	}
	form.What = component.DeskChoices{Name: "what", Label: word(r, "desk.what"), Error: about(r.Lang, wrong, "what")}
	for _, what := range waysOut(one) {
		form.What.Options = append(form.What.Options, component.Choice{Value: what, Title: word(r, "desk.money_do_"+what), On: r.Value("what") == what})
	}
	form.Reason = c.reason(r, wrong)
	form.Button = component.DeskButton{Text: word(r, "desk.confirm")}
	title := word(r, "desk.money_"+one.What)
	return render(w, r, status, c.frame(w, r, title).In(), form.view(component.DeskHead{Title: title, Sub: one.Order.About}))
}

// waysOut lists what can be done about a trouble.
func waysOut(t payment.Trouble) []string {
	switch {
	case t.What == payment.OpenPayment:
		return []string{"ask"}
	case t.Currency != payment.Currency:
		return []string{"hand"}
	}
	return []string{"retry", "hand"}
}

func (c *Console) reason(r *door.Request, wrong *fault.Error) component.DeskInput {
	return component.DeskInput{
		Name: "reason", Label: word(r, "desk.reason"), Hint: word(r, "desk.money_reason_hint"), Lines: 3, Max: 500,
		Value: r.Value("reason"), Error: about(r.Lang, wrong, "reason"),
	}
}

// settle does what was chosen; what was typed stays when something is missing.
func (c *Console) settle(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	part, err := strconv.Atoi(r.PathValue("part"))
	if err != nil {
		part = -1
	}
	switch r.Value("what") {
	case "retry":
		_, err = c.c.Payment.RetryRefund(r.Context(), r.Actor, no, part)
	case "hand":
		_, err = c.c.Payment.SettleByHand(r.Context(), r.Actor, no, part, r.Value("reason"))
	case "ask":
		_, err = c.c.Payment.Cancel(r.Context(), r.Actor, no)
	default:
		err = fault.Invalid("payment.what", "请选一种处理方式").On("what")
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawTrouble(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, moneyPath)
}

// asked is the finding that a path names; fault.NotFound unless it is open.
func (c *Console) asked(r *door.Request) (payment.Finding, error) {
	want := payment.Finding{Day: r.PathValue("day"), No: r.PathValue("no"), Kind: r.PathValue("kind"), Ref: r.PathValue("ref")}
	if want.Ref == "-" {
		want.Ref = ""
	}
	return c.c.Payment.Finding(r.Context(), r.Actor, want)
}

func (c *Console) finding(w http.ResponseWriter, r *door.Request) error {
	return c.drawFinding(w, r, http.StatusOK, nil)
}

func (c *Console) drawFinding(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	f, err := c.asked(r)
	if err != nil {
		return err
	}
	form := moneyForm{
		Facts: component.KeyValues{Rows: []component.Row{
			{Key: word(r, "desk.money_day"), Value: f.Day},
			{Key: word(r, "desk.money_order"), Value: f.No},
			{Key: word(r, "desk.money_ref"), Value: f.Ref},
			{Key: word(r, "desk.money_ours"), Value: amountOf(f.Ours, payment.Currency)},
			{Key: word(r, "desk.money_theirs"), Value: amountOf(f.Theirs, payment.Currency)},
		}},
		Note: word(r, "desk.money_note_finding"), Action: findingPath(f), Reason: c.reason(r, wrong),
		Button: component.DeskButton{Text: word(r, "desk.money_accept")},
	}
	title := word(r, "desk.money_kind_"+f.Kind)
	return render(w, r, status, c.frame(w, r, title).In(), form.view(component.DeskHead{Title: title, Sub: f.Day}))
}

// accept says why a difference may stay.
func (c *Console) accept(w http.ResponseWriter, r *door.Request) error {
	f, err := c.asked(r)
	if err != nil {
		return err
	}
	err = c.c.Payment.AcceptFinding(r.Context(), r.Actor, f, r.Value("reason"))
	if no := fault.Of(err); no != nil && no.Kind == fault.KindInvalid {
		return c.drawFinding(w, r, http.StatusUnprocessableEntity, no)
	}
	if err != nil {
		return err
	}
	return r.See(w, moneyPath)
}
