package staff_test

import (
	"context"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"zhijian/domain/staff"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// T79: the first operator is enrolled once, with a token that lives 15 minutes, and only while there is nobody.
func TestSetup(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, watch := context.Background(), testkit.Clock()
		people := store.Staff{DB: db, Ring: testkit.Ring(t)}
		desk, err := staff.New(staff.Config{
			Store: people, Roll: people, Purse: store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: watch}, Clock: watch, IDs: &uid.Maker{Clock: watch},
			Cost: staff.Cost{Memory: 19 << 10, Passes: 2, Lanes: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		gone := func(when, token string) {
			t.Helper()
			_, err := desk.Setup(ctx, token)
			if f := fault.Of(err); f == nil || f.Code != "staff.setup" {
				t.Errorf("%s: %v", when, err)
			}
		}
		open := func() string {
			t.Helper()
			token, err := desk.OpenSetup(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		gone("before any", "")
		old := open()
		watch.Advance(15 * time.Minute)
		gone("after 15 minutes", old)
		old = open()
		token := open()
		gone("the one before", old)
		gone("none", "")
		secret, err := desk.Setup(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		code := func() string {
			c, err := totp.GenerateCode(secret, watch.Now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		e := staff.Enrolment{User: "boss", Name: "王管", Password: password}
		weak := e
		weak.Password = "short"
		_, err = desk.SetUp(ctx, token, weak, "000000")
		fields := map[string]bool{}
		for _, f := range fault.Of(err).All() {
			fields[f.Field] = true
		}
		if !fields["password"] || !fields["totp"] {
			t.Errorf("wrong inputs: %v", err)
		}
		if m, err := desk.SetUp(ctx, token, e, code()); err != nil || !m.Operator || m.Department != 0 {
			t.Fatalf("set up: %+v, %v", m, err)
		}
		gone("used", token)
		if _, err := desk.SetUp(ctx, token, staff.Enrolment{User: "thief", Name: "x", Password: password}, code()); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("used twice: %v", err)
		}
		if again := open(); again != "" {
			t.Error("a house with staff can be set up")
		}
		if _, m, err := desk.SignIn(ctx, "boss", password, code(), "here"); err != nil || !m.Operator {
			t.Errorf("the operator cannot sign in: %v", err)
		}
	})
}
