package identity_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// person is somebody the outside knows.
type person struct{ name, number, phone, card, plate string }

var (
	zhang = person{"张三", "11010519491231002X", "+8613800138000", "6222020000000000000", "浙A12345"}
	kid   = person{name: "张小宝", number: "110105201801010019"}
	li    = person{"李四", "110101199003070011", "+8613900139000", "6217000000000000004", "浙B54321"}
)

// outside stands for the gateway, the register, the bank and the vehicle office. It knows the
// people it is given and records what it is asked.
type outside struct {
	mu     sync.Mutex
	people []person
	texts  []string // "phone text"
	calls  []string
	down   map[string]bool
	wrong  map[string]bool // answers no whatever it is asked
}

func (o *outside) ask(what string, match func(person) bool) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, what)
	if o.down[what] {
		return false, fault.Unavailable("office.down", "暂时没有回应")
	}
	if o.wrong[what] {
		return false, nil
	}
	for _, p := range o.people {
		if match(p) {
			return true, nil
		}
	}
	return false, nil
}

func (o *outside) Send(_ context.Context, phone seal.Text, text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.texts = append(o.texts, phone.Reveal()+" "+text)
	return nil
}

func (o *outside) Match(_ context.Context, name, number, phone seal.Text) (bool, error) {
	return o.ask("register", func(p person) bool {
		return p.name == name.Reveal() && p.number == number.Reveal() && p.phone == phone.Reveal()
	})
}

func (o *outside) Holder(_ context.Context, name, number, card, phone seal.Text) (bool, string, error) {
	ok, err := o.ask("bank", func(p person) bool {
		return p.name == name.Reveal() && p.number == number.Reveal() && p.card == card.Reveal() && p.phone == phone.Reveal()
	})
	return ok, "中国工商银行", err
}

func (o *outside) Owner(_ context.Context, name, number, phone, plate seal.Text) (bool, error) {
	return o.ask("vehicles", func(p person) bool {
		return p.name == name.Reveal() && p.number == number.Reveal() && p.phone == phone.Reveal() && p.plate == plate.Reveal()
	})
}

// Child knows kid as a child of zhang.
func (o *outside) Child(_ context.Context, name, number, childName, childNumber seal.Text) (bool, error) {
	ok, err := o.ask("households", func(p person) bool { return p == zhang && p.name == name.Reveal() && p.number == number.Reveal() })
	return ok && childName.Reveal() == kid.name && childNumber.Reveal() == kid.number, err
}

// world is a desk with all it stands on.
type world struct {
	t     testing.TB
	db    *sqldb.DB
	ring  *seal.Ring
	clock *clock.Fixed
	out   *outside
	desk  *identity.Desk
}

func newWorld(t testing.TB, db *sqldb.DB, change ...func(*identity.Config)) *world {
	t.Helper()
	w := &world{t: t, db: db, ring: testkit.Ring(t), clock: testkit.Clock()}
	w.out = &outside{people: []person{zhang, li}, down: map[string]bool{}, wrong: map[string]bool{}}
	c := identity.Config{
		Residents: store.Residents{DB: db, Ring: w.ring}, Sessions: store.Sessions{DB: db, Ring: w.ring, Memo: store.NewSessionMemo(db)}, Codes: store.Codes{DB: db},
		SMS: w.out, Register: w.out, Bank: w.out, Vehicles: w.out,
		Purse: store.Budgets{DB: db, Ring: w.ring, Clock: w.clock}, Ring: w.ring, Clock: w.clock, IDs: &uid.Maker{Clock: w.clock},
		Mandates: store.Mandates{DB: db, Ring: w.ring}, Households: w.out,
		Limits: identity.Limits{MinProof: -1},
	}
	for _, f := range change {
		f(&c)
	}
	d, err := identity.New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.desk = d
	return w
}

var sixDigits = regexp.MustCompile(`\d{6}`)

// on is the one browser of most tests, at an address.
func on(client, device string) identity.Caller {
	return identity.Caller{Client: client, Browser: "browser", Device: device}
}

func at(client string) identity.Caller { return on(client, "") }

// code asks for a code and reads it from the text.
func (w *world) code(phone string) string {
	w.t.Helper()
	if err := w.desk.SendCode(context.Background(), actor.Actor{}, phone, at("client of "+phone)); err != nil {
		w.t.Fatal(err)
	}
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	last := w.out.texts[len(w.out.texts)-1]
	_, text, _ := strings.Cut(last, " ")
	return sixDigits.FindString(text)
}

// signIn signs a phone in, a while after the last time.
func (w *world) signIn(phone string) (actor.Actor, string) {
	w.t.Helper()
	w.clock.Advance(time.Hour + time.Minute)
	token, _, err := w.desk.SignIn(context.Background(), actor.Actor{}, phone, w.code(phone), on("client", "Chrome · Android"))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.who(token), token
}

// who gives the actor that a door makes of a token.
func (w *world) who(token string) actor.Actor {
	w.t.Helper()
	s, r, err := w.desk.Who(context.Background(), token)
	if err != nil {
		w.t.Fatal(err)
	}
	return actor.Actor{Kind: actor.Resident, ID: r.ID, Level: r.Level, Session: s.ID}
}

func (w *world) gone(token string) {
	w.t.Helper()
	if _, _, err := w.desk.Who(context.Background(), token); !fault.Is(err, fault.KindDenied) {
		w.t.Errorf("the token still opens a session: %v", err)
	}
}

// climb proves a person up to a level and gives the last token.
func (w *world) climb(p person, level int) (actor.Actor, string) {
	w.t.Helper()
	ctx := context.Background()
	a, token := w.signIn(p.phone)
	var err error
	for l := 2; l <= level && err == nil; l++ {
		switch l {
		case 2:
			token, _, err = w.desk.ProveName(ctx, a, nameOf(p))
		case 3:
			token, _, err = w.desk.ProveCard(ctx, a, cardOf(p))
		case 4:
			token, _, err = w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: p.plate, Consent: true})
		}
		if err == nil {
			a = w.who(token)
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return a, token
}

func nameOf(p person) identity.NameProof {
	return identity.NameProof{Name: p.name, CitizenNumber: p.number, Consent: true}
}

func cardOf(p person) identity.CardProof {
	return identity.CardProof{Number: p.card, Phone: p.phone, Consent: true}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Code != code {
		t.Errorf("got %v, want the fault %q", err, code)
	}
}

// events counts the recorded events by name.
func (w *world) events() map[string]int {
	w.t.Helper()
	rows, err := w.db.Query(context.Background(), `select name, count(*) from event group by name`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	list := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			w.t.Fatal(err)
		}
		list[name] = n
	}
	return list
}
