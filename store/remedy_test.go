package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// TestRemedies: what was put right, appealed against and followed up comes back with its case, sealed; each is a task of the department as long
// as staff owe something, and the tasks that run out first come first.
func TestRemedies(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, now := t.Context(), testkit.Now()
		desk := store.Cases{DB: db, Ring: testkit.Ring(t)}
		c := cases.Case{ID: 1, No: "C1", City: "330100", Service: "s", Version: 1, Department: 5, Resident: 7, State: cases.Refused, Opened: now, Updated: now, Ended: now, Rev: 1}
		if _, err := desk.Add(ctx, c); err != nil {
			t.Fatal(err)
		}
		change := func(rule func(*cases.Remedies)) cases.Case {
			t.Helper()
			got, err := desk.Change(ctx, "C1", func(c *cases.Case) ([]event.Body, error) {
				rule(&c.Remedies)
				return []event.Body{}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		kept := change(func(r *cases.Remedies) {
			r.Corrections = []cases.Correction{{At: now, Rows: []service.Corrected{{Label: "住址", Was: "文三路 1 号", Now: "文三路 2 号"}}}}
			r.Recalls = []cases.Recall{{At: now, Answered: now.Add(time.Minute), Outcome: cases.RecallKept, Reason: "已经制证，不能撤回"}}
			r.Appeals = []cases.Appeal{{No: "A1", At: now, Against: now, Reasons: "材料其实交齐了", Due: now.Add(48 * time.Hour)}}
			r.Amendments = []cases.Amendment{
				{No: "M1", At: now, Said: "姓名写成了王小名", Due: now.Add(30 * time.Hour), Outcome: cases.Amended, Decided: now, Rows: []service.Corrected{{Label: "姓名", Was: "王小名", Now: "王小明"}}},
				{No: "M2", At: now, Said: "号码也错了", Due: now.Add(30 * time.Hour)},
			}
			r.Followup = &cases.Followup{No: "F1", Opened: now, ContactBy: now.Add(24 * time.Hour), Due: now.Add(72 * time.Hour), Level: 1}
		})
		got, err := desk.Case(ctx, "C1")
		if diff := cmp.Diff(kept.Remedies, got.Remedies); diff != "" || err != nil {
			t.Errorf("kept otherwise: %v %s", err, diff)
		}
		var sealed []byte
		if err := db.QueryRow(ctx, `select remedies from cases where no = $1`, "C1").Scan(&sealed); err != nil || len(sealed) == 0 {
			t.Fatal(sealed, err)
		}
		for _, secret := range []string{"材料其实交齐了", "文三路", "王小"} {
			if strings.Contains(string(sealed), secret) {
				t.Errorf("%s is kept in plain", secret)
			}
		}

		numbers := func(f cases.TaskFilter) string {
			t.Helper()
			list, err := desk.Tasks(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, one := range list {
				out = append(out, one.No)
			}
			return strings.Join(out, " ")
		}
		tasks := func(when string, want map[string]cases.TaskFilter) {
			t.Helper()
			for numbered, f := range want {
				if got := numbers(f); got != strings.TrimSpace(numbered) {
					t.Errorf("%s: tasks %q of %+v, want %q", when, got, f, numbered)
				}
			}
		}
		tasks("open", map[string]cases.TaskFilter{
			"F1 M2 A1": {}, "A1": {Kind: cases.TaskAppeal}, "M2": {Kind: cases.TaskAmend}, "F1": {Overdue: now.Add(25 * time.Hour)}, "F1 ": {Limit: 1},
			"F1 M2 A1 ": {Department: 5}, "": {Department: 6},
		})
		change(func(r *cases.Remedies) {
			r.Appeals = []cases.Appeal{r.Appeals[0]}
			r.Appeals[0].Outcome, r.Appeals[0].Decided, r.Appeals[0].By = cases.Upheld, now, "staff/2"
			f := *r.Followup
			f.Contacted, f.Late = now, true
			r.Followup = &f
		})
		tasks("appeal decided", map[string]cases.TaskFilter{"M2 F1": {}, "": {Kind: cases.TaskFollowup, Overdue: now.Add(71 * time.Hour)}})
		if one, err := desk.Task(ctx, "F1"); err != nil || !one.Late || one.Case != "C1" || !one.Due.Equal(now.Add(72*time.Hour)) {
			t.Errorf("the follow-up is %+v, %v", one, err)
		}
		if one, err := desk.Task(ctx, "A1"); err != nil || one.Open {
			t.Errorf("the decided appeal is %+v, %v", one, err)
		}
		if _, err := desk.Task(ctx, "A2"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a task that nobody has: %v", err)
		}
	})
}
