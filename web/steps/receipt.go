package steps

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"strconv"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/receipt"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// receiptPage is what was paid, to whom and for what.
type receiptPage struct {
	nav     component.Nav
	title   string
	rows    component.SummaryList
	buttons component.Buttons
	note    string
}

func (s *Steps) receipt(w http.ResponseWriter, r *door.Request) error {
	rec, err := s.c.Cases.Receipt(r.Context(), frame.Who(r), r.PathValue("no"))
	if err != nil {
		return err
	}
	at := casePath(rec.Case.No)
	title := s.f.T(r, "steps.receipt")
	p := s.f.Page(r, title)
	p.City, p.Plain = rec.Offer.Definition.Name.In(r.Lang), true
	q := receiptPage{
		nav: component.Nav{Title: rec.Offer.Definition.Name.In(r.Lang), Back: at}, title: title,
		rows:    component.SummaryList{TotalLabel: s.f.T(r, "steps.receipt.amount"), Total: int64(rec.Order.Amount)},
		buttons: component.Buttons{Items: []component.Button{{Text: s.f.T(r, "steps.receipt.get"), Href: at + "/receipt.pdf", Icon: "download"}}},
		note:    s.f.T(r, "steps.receipt.note"),
	}
	for _, row := range s.receiptRows(r, rec) {
		q.rows.Rows = append(q.rows.Rows, component.Row{Key: row[0], Value: row[1]})
	}
	if code := checkCode(rec); code != "" {
		q.rows.Rows = append(q.rows.Rows, component.Row{Key: s.f.T(r, "steps.receipt.code"), Value: say.Number(code), Note: s.f.T(r, "steps.receipt.place", rec.Place.Position)})
		q.buttons.Items = append(q.buttons.Items, component.Button{Text: s.f.T(r, "steps.receipt.check"), Href: checkPath(rec), Tone: component.Line})
	}
	return s.f.Render(w, r, http.StatusOK, p, receiptView(q))
}

// receiptRows are the facts of a receipt.
func (s *Steps) receiptRows(r *door.Request, rec cases.Receipt) [][2]string {
	list := [][2]string{
		{s.f.T(r, "steps.for"), rec.Offer.Definition.Name.In(r.Lang)},
		{s.f.T(r, "steps.payment.number"), say.Number(rec.Order.No)},
		{s.f.T(r, "steps.payee"), rec.Order.Payee},
		{s.f.T(r, "steps.paidat"), say.FullMoment(r.Lang, rec.Order.PaidAt)},
	}
	if rec.Office != "" {
		list = append(list, [2]string{s.f.T(r, "steps.receipt.office"), rec.Office})
	}
	return append(list, [2]string{s.f.T(r, "steps.case.number"), say.Number(rec.Case.No)})
}

// checkCode is what proves a receipt to whoever holds it; empty when the chain does not vouch for it.
func checkCode(rec cases.Receipt) string {
	code := hex.EncodeToString(rec.Place.Hash)
	return code[:min(len(code), cases.CheckDigits)]
}

// checkPath is the public page that checks a receipt, filled in.
func checkPath(rec cases.Receipt) string {
	return "/check?no=" + rec.Order.No + "&h=" + checkCode(rec)
}

// print gives the receipt as PDF.
func (s *Steps) print(w http.ResponseWriter, r *door.Request) error {
	rec, err := s.c.Cases.Receipt(r.Context(), frame.Who(r), r.PathValue("no"))
	if err != nil {
		return err
	}
	out := receipt.Receipt{
		Lang: r.Lang, Title: s.f.T(r, "steps.receipt"), No: say.Number(rec.Order.No), Amount: rec.Order.Amount, Payee: rec.Order.Payee,
		IssuedAt: rec.Order.PaidAt, CheckURL: s.c.Origin + r.Link(checkPath(rec)), Demo: s.f.Demo(),
		Chain: receipt.Chain{Position: rec.Place.Position, Hash: hex.EncodeToString(rec.Place.Hash)},
	}
	for _, row := range s.receiptRows(r, rec) {
		if row[1] != rec.Order.Payee && row[1] != say.Number(rec.Order.No) { // the sheet has these itself
			out.Rows = append(out.Rows, row)
		}
	}
	var b bytes.Buffer
	if err := s.c.Printer.PDF(&b, out); err != nil {
		return err
	}
	return file(w, "application/pdf", "receipt-"+rec.Order.No+".pdf", b.Bytes())
}

func file(w http.ResponseWriter, kind, name string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a browser that hangs up is no fault of ours
	return nil
}
