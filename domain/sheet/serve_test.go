package sheet_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"zhijian/domain/sheet"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

const readers = "证号,在借,到期,备注\nHZ1,2,2026-06-14,甲\nHZ2,1,2026-06-15,乙\n"

// byCard is what a service over that table asks.
var byCard = sheet.Use{Service: "借书查询", Call: sheet.CallFind, With: []string{"c1"}, Reads: []sheet.Read{{Name: "c2", Kind: "int"}, {Name: "c3", Kind: "day"}}}

func roomWith(t *testing.T, db *sqldb.DB, u users) room {
	t.Helper()
	c := testkit.Clock()
	s := store.Sheets{DB: db, Ring: testkit.Ring(t)}
	d, err := sheet.New(sheet.Config{Store: s, Rows: s, Users: u, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	return room{d, t, c, db}
}

// TestAServiceGoesOn: a table that a service asks is replaced by any that the service can go on with, wherever its columns stand; one that
// it cannot go on with is refused with every reason, and the former one answers.
func TestAServiceGoesOn(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := roomWith(t, db, users{"sheet:readers": {byCard}})
		r.open("readers")
		r.upload("readers", "a.csv", []byte(readers), nil)
		r.upload("readers", "b.csv", []byte("新列,备注,到期,证号,在借\n1,x,2026-07-01,HZ1,5\n2,y,2026-07-02,HZ2,6\n"), nil)
		got := r.find("readers", map[string]any{"c1": "hz1"})
		if got["c2"] != int64(5) || got["c3"] != "2026-07-01" || got["c4"] != "x" {
			t.Fatalf("after the columns were moved: %v", got)
		}
		for name, c := range map[string]struct {
			csv    string
			change func(*tabular.Shape)
			codes  []string
		}{
			"a column is gone":     {"证号,在借,备注\nHZ1,7,x\n", nil, []string{"sheet.unfit_told"}},
			"a column is renamed":  {"证号,在借本数,到期,备注\nHZ1,7,2026-07-01,x\n", nil, []string{"sheet.unfit_told"}},
			"the key is gone":      {"编号,在借,到期\nHZ1,7,2026-07-01\n", func(s *tabular.Shape) { s.Columns[0].Use = tabular.Key }, []string{"sheet.unfit_by", "sheet.unfit_key"}},
			"another kind":         {readers, func(s *tabular.Shape) { s.Columns[1].Kind = tabular.Text }, []string{"sheet.unfit_cell"}},
			"several rows":         {readers, func(s *tabular.Shape) { s.Unique = false }, []string{"sheet.unfit_many"}},
			"one more to ask by":   {readers, func(s *tabular.Shape) { s.Columns[3].Use = tabular.Key }, []string{"sheet.unfit_by"}},
			"times":                {"证号,到期,几点,名额\nHZ1,2026-07-01,9:00,3\n", func(s *tabular.Shape) { *s, _ = s.AsSlots(30) }, []string{"sheet.unfit_times"}},
			"not told any more":    {readers, func(s *tabular.Shape) { s.Columns[2].Use = tabular.Omit }, []string{"sheet.unfit_told"}},
			"two are not told any": {readers, func(s *tabular.Shape) { s.Columns[1].Use, s.Columns[2].Use = tabular.Omit, tabular.Omit }, []string{"sheet.unfit_told", "sheet.unfit_told"}},
		} {
			s, err := r.Upload(t.Context(), clerk, "readers", "c.csv", []byte(c.csv))
			if err != nil {
				t.Fatal(name, err)
			}
			g, _ := s.Draft()
			if c.change != nil {
				c.change(&g.Shape)
			}
			_, err = r.Take(t.Context(), clerk, "readers", g.Number, g.Shape)
			var codes []string
			for _, f := range fault.Of(err).All() {
				codes = append(codes, f.Code)
			}
			if strings.Join(codes, " ") != strings.Join(c.codes, " ") {
				t.Errorf("%s: %v, want %v (%+v)", name, codes, c.codes, g.Shape)
			}
			if got := r.find("readers", map[string]any{"c1": "HZ1"}); got["c2"] != int64(5) {
				t.Errorf("%s: the former table does not answer: %v", name, got)
			}
		}
	})
}

// TestASheetThatBecameUsed: what was taken before a service asked is refused when it would answer, also a former table.
func TestASheetThatBecameUsed(t *testing.T) {
	t.Parallel()
	asks := users{}
	r := roomWith(t, testkit.Database(t), asks)
	r.open("readers")
	s := r.upload("readers", "a.csv", []byte("证号,说明\nHZ1,旧\n"), nil)
	former, _ := s.Answering()
	r.upload("readers", "b.csv", []byte(readers), nil)
	asks["sheet:readers"] = []sheet.Use{{Service: "借书查询", Call: sheet.CallFind, With: []string{"c1"}, Reads: []sheet.Read{{Name: "c5", Kind: "int"}}}}
	s, err := r.Sheet(t.Context(), clerk, "readers")
	if err != nil {
		t.Fatal(err)
	}
	g, _ := s.Answering()
	asks["sheet:readers"][0].Reads[0].Name = g.Shape.Columns[1].Name
	if _, err := r.Answer(t.Context(), clerk, "readers", former.Number); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a former table that does not fit: %v", err)
	}
	if _, err := r.Answer(t.Context(), clerk, "readers", g.Number); err != nil {
		t.Errorf("the one that answers: %v", err)
	}
}

// TestOneSpelling: a time has one name, and its key one spelling, whatever the clerk and the resident type: otherwise what booking names
// its stock after would be two for one.
func TestOneSpelling(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.Database(t))
	r.open("halls")
	shape := func(s *tabular.Shape) {
		*s, _ = s.AsSlots(30)
		s.Columns[0].Use, s.Columns[0].Kind = tabular.Key, tabular.Text
	}
	const head = "大厅,日期,几点,名额\n"
	s := r.upload("halls", "a.csv", []byte(head+"a1,2026-05-27,09:00,1\nＡ１,2026/5/27,9:00,1\n A 1,20260527,９：００,1\na1,2026年5月27日,9点,1\na1,2026-05-27, 9:30 ,1\na1,2026-05-27,9:3O,1\nb1,2026-05-27,9:00,1\n"), shape)
	g, _ := s.Answering()
	refused, err := r.Refused(t.Context(), clerk, "halls", g.Number, 0, 10)
	if err != nil || g.Rows != 3 || len(refused) != 4 {
		t.Fatalf("%d rows, %v %v", g.Rows, refused, err)
	}
	for _, x := range refused[:3] {
		if x.Reason != "和第 2 行是同一个时间" {
			t.Errorf("line %d: %s", x.Line, x.Reason)
		}
	}
	ask := func(with map[string]any) (ids []string, ok bool) {
		data, ok, err := r.Ask(context.Background(), "halls", sheet.CallSlots, with)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := data["slots"].([]any)
		for _, x := range list {
			ids = append(ids, x.(map[string]any)["id"].(string))
		}
		return ids, ok
	}
	for _, hall := range []string{"a1", "A1", " ａ１", "A 1"} {
		if ids, _ := ask(map[string]any{"c1": hall}); strings.Join(ids, " ") != "20260527T0900 20260527T0930" {
			t.Errorf("%q: %v", hall, ids)
		}
	}
	if _, ok := ask(map[string]any{"c1": "a1", "for": "x"}); ok {
		t.Error("a question that names its stock otherwise is answered")
	}
	r.clock.Advance(time.Minute)
	r.upload("halls", "b.csv", []byte(head+"Ａ1,2026-05-27,9时30分,1\nb1,2026-05-27,9:00,1\n"), shape)
	if ids, _ := ask(map[string]any{"c1": "a1"}); strings.Join(ids, " ") != "20260527T0900 20260527T0930" {
		t.Errorf("another name after another upload: %v", ids)
	}
	// A day as a key is read in many spellings; only the one that it is kept by is told times.
	r.open("days")
	r.upload("days", "a.csv", []byte("开放日,日期,几点,名额\n2026-05-27,2026-05-27,9:00,1\n"), func(s *tabular.Shape) {
		s.Columns[0].Use, s.Columns[1].Use, s.Columns[2].Use, s.Columns[3].Use = tabular.Key, tabular.Answer, tabular.Answer, tabular.Answer
		s.Slots = &tabular.Slots{Day: "c2", Start: "c3", Places: "c4", Minutes: 30}
	})
	for day, want := range map[string]int{"2026-05-27": 1, "2026/5/27": 0, "2026年5月27日": 0} {
		data, _, err := r.Ask(t.Context(), "days", sheet.CallSlots, map[string]any{"c1": day})
		if err != nil || len(data["slots"].([]any)) != want {
			t.Errorf("%s: %v %v", day, data, err)
		}
	}
	s, err = r.Upload(t.Context(), clerk, "days", "b.csv", []byte("是否,日期,几点,名额\n是,2026-05-27,9:00,1\n否,2026-05-27,9:00,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	g, _ = s.Draft()
	g.Shape.Columns[0].Kind, g.Shape.Columns[0].Use = tabular.Yes, tabular.Key
	g.Shape.Slots = &tabular.Slots{Day: g.Shape.Columns[1].Name, Start: g.Shape.Columns[2].Name, Places: g.Shape.Columns[3].Name, Minutes: 30}
	if _, err := r.Take(t.Context(), clerk, "days", g.Number, g.Shape); fault.Of(err) == nil || fault.Of(err).Code != "sheet.slot_key" {
		t.Errorf("times by yes or no: %v", err)
	}
}

// TestSweep: what a killed upload left is forgotten after an hour, and nothing that a sheet names or that is being uploaded.
func TestSweep(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.open("readers")
		r.upload("readers", "a.csv", []byte(readers), nil)
		s, err := r.Upload(t.Context(), clerk, "readers", "b.csv", []byte(readers))
		if err != nil {
			t.Fatal(err)
		}
		named := s.Generations
		ids := &uid.Maker{Clock: r.clock}
		rows := store.Sheets{DB: db, Ring: testkit.Ring(t)}
		file, table, refused := ids.ID(), ids.ID(), ids.ID()
		if err := errors.Join(
			rows.KeepFile(t.Context(), file, []byte("身份证号\n")),
			rows.Fill(t.Context(), table, []tabular.Row{{Line: 2, Key: []string{"HZ1"}, Values: map[string]any{"c2": "x"}}}, nil),
			rows.Fill(t.Context(), refused, nil, []tabular.Refusal{{Line: 2, Reason: "x"}}),
		); err != nil {
			t.Fatal(err)
		}
		sweep := func(want int) {
			t.Helper()
			if n, err := r.Sweep(t.Context()); err != nil || n != want {
				t.Errorf("swept %d, want %d: %v", n, want, err)
			}
		}
		sweep(0) // it may be an upload that goes on
		r.clock.Advance(time.Hour + time.Second)
		sweep(3)
		sweep(0)
		if left, err := rows.Kept(t.Context(), uid.From(r.clock.Now())); err != nil || len(left) != 2 {
			t.Errorf("left: %v %v, named %+v", left, err, named)
		}
		if got := r.find("readers", map[string]any{"c1": "HZ1"}); got["known"] != true {
			t.Errorf("what answers was swept: %v", got)
		}
		if rows, err := r.Sample(t.Context(), clerk, "readers", 1); err != nil || len(rows) != 1 {
			t.Errorf("the draft was swept: %v", err)
		}
	})
}
