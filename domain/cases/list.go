package cases

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
)

// List gives the actor's own cases, newest change first; nobody has none. Data is left empty: Show has it.
func (d *Desk) List(ctx context.Context, a actor.Actor, states []State, after cursor.Cursor, limit int) ([]Case, error) {
	if a.Kind != actor.Resident || a.ID == 0 {
		return nil, nil
	}
	return d.c.Store.List(ctx, Filter{Resident: a.ID, States: states, After: after, Limit: limit})
}

// Cursor is the place after c in a list.
func (c Case) Cursor() cursor.Cursor { return cursor.Cursor{At: clock.Millis(c.Updated), ID: c.ID} }

// Receipt is what a paid and finished case can show for it.
type Receipt struct {
	Case   Case
	Offer  service.Offer
	Order  payment.Order
	Rows   []service.Row
	Office string // receipt number of the office, empty for none
	Place  Place  // where the chain vouches for it; zero when it cannot be checked
}

// Receipt gives the receipt of a finished, paid case to its owner; fault.NotFound when there is none.
func (d *Desk) Receipt(ctx context.Context, w Who, no string) (_ Receipt, err error) {
	defer fault.Wrap(&err, "receipt of case %s", no)
	s, err := d.Show(ctx, w, no, "")
	if err != nil {
		return Receipt{}, err
	}
	if s.View.Barred {
		return Receipt{}, notMandated()
	}
	order, err := d.receiptOrder(ctx, s.Case)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Case: s.Case, Offer: s.Offer, Order: order, Rows: s.View.Rows, Office: officeReceipt(s.Case.Data)}
	r.Place, err = d.proof(ctx, r)
	return r, err
}

// officeReceipt finds the number an office gave for a filing: the last "receipt" that is no payment's.
func officeReceipt(s service.State) string {
	found := ""
	ids := make([]string, 0, len(s.Facts))
	for id := range s.Facts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		f := fact(s, id)
		if no, ok := f["receipt"].(string); ok && f["paid"] == nil && no != "" {
			found = no
		}
	}
	return found
}

// exported is one case as its resident may take it along.
type exported struct {
	No           string                `json:"no"`
	City         string                `json:"city"`
	Service      string                `json:"service"`
	Version      int                   `json:"version"`
	State        State                 `json:"state"`
	Summary      string                `json:"summary,omitempty"`
	Opened       time.Time             `json:"opened"`
	Updated      time.Time             `json:"updated"`
	Ended        time.Time             `json:"ended,omitzero"`
	Answers      map[string]any        `json:"answers,omitempty"`
	Typed        map[string][]string   `json:"typed,omitempty"`
	Facts        map[string]any        `json:"facts,omitempty"`
	Log          []Entry               `json:"log"`
	Rating       *Rating               `json:"rating,omitempty"`
	RatingText   string                `json:"rating_text,omitempty"`
	Remedies     *Remedies             `json:"remedies,omitempty"`
	Payments     []exportedPayment     `json:"payments,omitempty"`
	Reservations []exportedReservation `json:"reservations,omitempty"`
	Files        []exportedFile        `json:"files,omitempty"`
}

// exportedFile says what a file is; the file itself is at Path.
type exportedFile struct {
	Name    string    `json:"name"`
	Answer  string    `json:"answer"`
	Kind    string    `json:"kind"`
	Size    int64     `json:"size"` // bytes
	SHA256  string    `json:"sha256"`
	Created time.Time `json:"created"`
	Path    string    `json:"path"`
}

type exportedPayment struct {
	No          string    `json:"no"`
	State       string    `json:"state"`
	Amount      int64     `json:"amount"` // fen
	Payee       string    `json:"payee"`
	Transaction string    `json:"transaction,omitempty"`
	PaidAt      time.Time `json:"paid_at,omitzero"`
	RefundedAt  time.Time `json:"refunded_at,omitzero"`
}

type exportedReservation struct {
	No    string    `json:"no"`
	State string    `json:"state"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Export writes everything the house keeps of the actor's cases as JSON (PIPL 45): a list, newest change first. It reads case
// by case, so that it needs little memory however many there are.
func (d *Desk) Export(ctx context.Context, a actor.Actor, w io.Writer) (err error) {
	defer fault.Wrap(&err, "export cases of %s", a)
	if a.Kind != actor.Resident || a.ID == 0 {
		return fault.Denied("session", "请先登录")
	}
	const several = 100
	return cursor.Array(w, several, func(after cursor.Cursor) ([]Case, error) {
		return d.c.Store.List(ctx, Filter{Resident: a.ID, After: after, Limit: several})
	}, func(c Case) error { return d.exportOne(ctx, a, c.No, w) })
}

func (d *Desk) exportOne(ctx context.Context, a actor.Actor, no string, w io.Writer) error {
	c, err := d.c.Store.Case(ctx, no)
	if err != nil {
		return err
	}
	if err := d.mandated(ctx, Who{Actor: a}, c); fault.Is(err, fault.KindDenied) {
		c = c.closed() // the other's data is theirs
		return json.NewEncoder(w).Encode(exported{No: c.No, City: c.City, Service: c.Service, Version: c.Version, State: c.State, Opened: c.Opened, Updated: c.Updated, Ended: c.Ended})
	} else if err != nil {
		return err
	}
	x := exported{
		No: c.No, City: c.City, Service: c.Service, Version: c.Version, State: c.State, Summary: c.Summary.Reveal(),
		Opened: c.Opened, Updated: c.Updated, Ended: c.Ended, Answers: c.Data.Answers, Typed: c.Data.Typed, Facts: c.Data.Facts,
		Log: c.Log, Rating: c.Rating,
	}
	if r := c.Remedies.told(); len(r.Corrections)+len(r.Recalls)+len(r.Appeals)+len(r.Amendments) > 0 || r.Followup != nil {
		x.Remedies = &r
	}
	if c.Rating != nil {
		x.RatingText = c.Rating.Text
	}
	orders, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: no})
	if err != nil {
		return err
	}
	for _, p := range orders {
		x.Payments = append(x.Payments, exportedPayment{p.No, string(p.State), int64(p.Amount), p.Payee, p.Transaction, p.PaidAt, p.RefundedAt})
	}
	places, err := d.c.Booking.Of(ctx, booking.For{Kind: Kind, No: no})
	if err != nil {
		return err
	}
	for _, r := range places {
		x.Reservations = append(x.Reservations, exportedReservation{r.No, string(r.State), r.Start, r.End})
	}
	files, err := d.c.Files.Of(ctx, no)
	if err != nil {
		return err
	}
	for _, f := range files {
		x.Files = append(x.Files, exportedFile{f.Name, f.Answer, string(f.Kind), f.Size, f.SHA256, f.Created, "/cases/" + no + "/files/" + f.ID})
	}
	return json.NewEncoder(w).Encode(x)
}

// Standing gives a case of the asker as it is kept, without what its page shows; to anybody else it does not exist.
func (d *Desk) Standing(ctx context.Context, w Who, no string) (_ Case, err error) {
	defer fault.Wrap(&err, "find case %s", no)
	return d.own(ctx, w, no)
}
