package service_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

func start(t *testing.T, id string) *rider {
	t.Helper()
	offer, ok := catalogue(t).Offer("330100", id)
	if !ok {
		t.Fatalf("no offer of %s", id)
	}
	return ride(t, offer.Definition, offer, "")
}

// atCheck is a fine payment with the first violation chosen.
func atCheck(t *testing.T) *rider {
	t.Helper()
	r := start(t, "traffic-fine-payment")
	r.answer("plate", "浙A8K267")
	r.proceed()
	r.answer("chosen", "2")
	return r
}

// atFiling is a fine payment that is paid.
func atFiling(t *testing.T) *rider {
	t.Helper()
	r := atCheck(t)
	r.answer()
	r.proceed()
	r.paid()
	r.awaits(service.EffectFile)
	return r
}

func TestFilingIsRepeatedUnderOneKey(t *testing.T) {
	t.Parallel()
	r := atFiling(t)
	first := r.awaits(service.EffectFile)
	if first.Key != "0CASE/settlement" || first.Attempt != 1 {
		t.Fatalf("files under %q attempt %d", first.Key, first.Attempt)
	}
	want := []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	for i, after := range want {
		r.hear(service.OutcomeDown, nil)
		e := r.awaits(service.EffectFile)
		if e.After != after || e.Key != first.Key || e.Attempt != i+2 || cmp.Diff(e.With, first.With) != "" {
			t.Fatalf("try %d: after %s key %s attempt %d", i+2, e.After, e.Key, e.Attempt)
		}
		if v := r.view(); !v.Down || v.Retry || v.Kind != service.ViewWait || len(v.Notes) == 0 {
			t.Fatalf("while it is repeated: %+v", v)
		}
	}
	r.hear(service.OutcomeDown, nil)
	trace := r.awaits(service.EffectTrace)
	if trace.Call != "violations.settled" || trace.With["key"] != first.Key {
		t.Fatalf("traces by %s %v", trace.Call, trace.With)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"settled": true, "voided": false, "receipt": "R", "points": 0, "total_points": 1, "released_at": ""})
	if r.s.End != "done" {
		t.Fatalf("ends as %q", r.s.End)
	}
}

func TestSilenceIsCalledOffAndRefunded(t *testing.T) {
	t.Parallel()
	r := atFiling(t)
	for range 6 {
		r.hear(service.OutcomeDown, nil)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"settled": false, "voided": false})
	void := r.awaits(service.EffectVoid)
	if void.Call != "violations.void" || void.With["key"] != "0CASE/settlement" || void.Key != "0CASE/settlement" {
		t.Fatalf("voids by %+v", void)
	}
	r.hear(service.OutcomeAnswered, map[string]any{"voided": true, "was_settled": false})
	if e := r.awaits(service.EffectRefund); e.Step != "fine" || e.Attempt != 1 || e.No != "33012605261408073" {
		t.Fatalf("refunds %+v", e)
	}
	if v := r.view(); v.Title != "正在退款" || v.Amount != 15000 {
		t.Fatalf("while refunding: %+v", v)
	}
	r.hear(service.OutcomeRefunded, nil)
	v := r.view()
	if r.s.End != service.EndRefused || v.Good || !strings.Contains(v.Lead, "杭州交警一直没有回应") || v.Rows[0].Value != "¥150.00" {
		t.Fatalf("end %q: %+v", r.s.End, v)
	}
	if r.d.Stand(r.s) != service.StandRefused {
		t.Fatalf("stands %s", r.d.Stand(r.s))
	}
}

func stuck(t *testing.T) *rider {
	t.Helper()
	r := atFiling(t)
	for range 12 {
		r.hear(service.OutcomeDown, nil)
	}
	if v := r.view(); !r.s.Stuck || !v.Stuck || len(r.d.Pending(r.s, r.env)) > 0 || r.d.Stand(r.s) != service.StandStuck {
		t.Fatalf("not stuck: phase %s, %+v", r.s.Phase, v)
	}
	return r
}

func TestStuckCaseIsRuledOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		then func(*rider)
		end  string
	}{
		{"retry", func(r *rider) {
			if e := r.awaits(service.EffectFile); e.Key != "0CASE/settlement" || e.After != 0 {
				t.Errorf("files again under %q after %s", e.Key, e.After)
			}
			r.hear(service.OutcomeAnswered, told("violations.settle"))
		}, "done"},
		{"refund", func(r *rider) {
			if e := r.awaits(service.EffectVoid); e.Key != "0CASE/settlement" || e.After != 0 {
				t.Errorf("calls off %q after %s", e.Key, e.After)
			}
			if v := r.view(); v.Title != "正在撤回申请" || v.Stuck || v.Down {
				t.Errorf("meanwhile: %+v", v)
			}
			for range 5 {
				r.hear(service.OutcomeDown, nil)
			}
			r.hear(service.OutcomeAnswered, map[string]any{"voided": true, "was_settled": true})
			r.awaits(service.EffectRefund)
			r.hear(service.OutcomeRefunded, nil)
		}, "refused"},
		{"unsettled", func(r *rider) { r.hear(service.OutcomeRefunded, nil) }, "refused"},
		{"done", func(*rider) {}, "done"},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := stuck(t)
			r.do(service.Ruling{Step: "settlement", What: c.what})
			c.then(r)
			if r.s.End != c.end {
				t.Errorf("ends as %q", r.s.End)
			}
		})
	}
}

// TestNothingIsInvented: what staff decided without the office's own answer, and what an office leaves out of its answer, is said not to
// be stated; it is neither nought points nor an empty line.
func TestNothingIsInvented(t *testing.T) {
	t.Parallel()
	rows := func(r *rider) map[string]string {
		out := map[string]string{}
		for _, row := range r.view().Rows {
			out[row.Label] = row.Value
		}
		return out
	}
	r := stuck(t)
	r.do(service.Ruling{Step: "settlement", What: "done"})
	want := map[string]string{
		"付了": "¥150.00", "时间": "2026年5月26日 14:08", "记分": "部门没有告知", "本周期累计记分": "部门没有告知", "处理时间": "部门没有告知", "票据号": "部门没有告知",
		"缴款编号": "3301 2605 2614 0807 3",
	}
	if d := cmp.Diff(want, rows(r)); d != "" {
		t.Errorf("after a ruling: %s", d)
	}
	r.env.Lang = "en"
	if got := rows(r)["Points"]; got != "Not stated by the office" {
		t.Errorf("in English: %q", got)
	}
	r = atFiling(t)
	r.hear(service.OutcomeAnswered, map[string]any{"receipt": "R1", "points": 0})
	got := rows(r)
	if got["记分"] != "0 分" || got["票据号"] != "R1" || got["本周期累计记分"] != "部门没有告知" || r.s.End != "done" {
		t.Errorf("after an answer in part: %v", got)
	}
}

func TestOfficeRefusesAfterPayment(t *testing.T) {
	t.Parallel()
	r := atFiling(t)
	r.hear(service.OutcomeRefused, nil, "这笔业务正在人工核查，暂时不能在网上办理")
	r.hear(service.OutcomeRefunded, map[string]any{"refunded_at": "2026-05-26T14:09:00+08:00"})
	v := r.view()
	if v.End != "refused" || v.Title != "交警没有接受，钱已原路退回" || v.Lead != "这笔业务正在人工核查，暂时不能在网上办理" || v.Next[0] == "" {
		t.Fatalf("%+v", v)
	}
}

func TestWrongAnswersKeepEverythingTyped(t *testing.T) {
	t.Parallel()
	r := start(t, "vehicle-violation-query")
	r.answer("plate", "other")
	err := r.try(service.Answer{Step: "other", Values: map[string][]string{"other_plate": {"浙A1234"}, "engine": {" "}}})
	f := fault.Of(err)
	if f == nil || f.Kind != fault.KindInvalid || len(f.All()) != 2 || f.Field != "other_plate" || f.More[0].Field != "engine" {
		t.Fatalf("got %+v", f)
	}
	if f.More[0].Public != "请填写发动机号后 6 位" {
		t.Errorf("says %q", f.More[0].Public)
	}
	if v := r.view(); v.Fields[0].Value != "浙A1234" || v.Step != "other" || len(r.effects) > 0 {
		t.Errorf("shows %+v", v.Fields)
	}
}

func TestAnswersThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	r := atCheck(t)
	kind := func(in service.Input) string {
		before := r.s
		err := r.try(in)
		r.s = before
		if f := fault.Of(err); f != nil {
			return string(f.Kind) + " " + f.Code
		}
		return fmt.Sprint(err)
	}
	r.env.Me.Level = 4
	for name, c := range map[string]struct {
		in   service.Input
		want string
	}{
		"step behind":       {service.Answer{Step: "plate"}, "conflict service.step"},
		"step ahead":        {service.Answer{Step: "fine"}, "conflict service.step"},
		"no step":           {service.Answer{Step: ""}, "conflict service.step"},
		"change ahead":      {service.Change{Step: "settlement"}, "conflict service.step"},
		"change unseen":     {service.Change{Step: "violations"}, "conflict service.step"},
		"ruling when well":  {service.Ruling{Step: "check", What: "refund"}, "conflict service.step"},
		"retry elsewhere":   {service.Retry{Step: "plate"}, "conflict service.step"},
		"draft of a future": {service.Draft{Step: "fine"}, "conflict service.step"},
	} {
		if got := kind(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	r.do(service.Change{Step: "chosen"})
	r.env.Me.Level = 2
	if got := kind(service.Answer{Step: "chosen", Values: map[string][]string{"chosen": {"2"}}}); got != "denied service.level" {
		t.Errorf("unproven: %s", got)
	}
	if v := r.view(); v.Kind != service.ViewProve || v.Level != 4 {
		t.Errorf("unproven: %+v", v)
	}
	r.env.Me.Level = 4
	for name, c := range map[string]struct {
		picks []string
		want  string
	}{
		"none":     {nil, "invalid choose.none"},
		"foreign":  {[]string{"9"}, "invalid choose.gone"},
		"injected": {[]string{"2", `{"fine":1}`}, "invalid choose.gone"},
	} {
		if got := kind(service.Answer{Step: "chosen", Values: map[string][]string{"chosen": c.picks, "amount": {"1"}, "fine": {"0.01"}}}); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestPriceIsOurs is security.md T22: whatever a form sends, the order is what the office's items add up to.
func TestPriceIsOurs(t *testing.T) {
	t.Parallel()
	r := start(t, "traffic-fine-payment")
	r.answer("plate", "浙A8K267", "amount", "0.01", "fine", "1")
	r.proceed()
	r.answer("chosen", "2", "chosen", "3", "chosen", "3", "fine", "1", "amount", "-5")
	if v := r.view(); v.Amount != 25000 {
		t.Fatalf("check page says %s", v.Amount)
	}
	r.answer("amount", "1e308", "payee", "me")
	if e := r.awaits(service.EffectOrder); e.Amount != 25000 || e.Payee != "杭州市财政局（非税收入）（演示）" || e.About != "交通违法罚款 2 条" {
		t.Fatalf("orders %+v", e)
	}
	r.proceed()
	r.do(service.Outcome{Kind: service.OutcomePaid, Step: "fine", Attempt: 1, Data: map[string]any{"no": "X", "amount": 1}})
	if r.s.Phase != "paying" || len(r.effects) != 1 || r.effects[0].Kind != service.EffectRefund {
		t.Fatalf("another amount paid it: phase %s, effects %+v", r.s.Phase, r.effects)
	}
}

func TestChangeReturnsToCheck(t *testing.T) {
	t.Parallel()
	r := atCheck(t)
	r.do(service.Change{Step: "plate", Return: true})
	if v := r.view(); v.Step != "plate" || v.Fields[0].Value != "浙A8K267" || !v.Fields[0].Options[0].Selected {
		t.Fatalf("shows %+v", v)
	}
	r.answer("plate", "浙A8K267")
	if r.s.Step != "check" || r.s.Waiting {
		t.Fatalf("the same answer leads to %s", r.s.Step)
	}
	r.do(service.Change{Step: "plate", Return: true})
	r.answer("plate", "浙AD12936")
	if e := r.awaits(service.EffectAsk); e.With["plate"] != "浙AD12936" || e.Attempt != 2 {
		t.Fatalf("asks %+v", e)
	}
	other := told("violations.find")
	other["items"].([]any)[0].(map[string]any)["fine"] = 20000
	r.hear(service.OutcomeAnswered, other)
	if r.s.Step != "chosen" {
		t.Fatalf("items changed, but the case is at %s", r.s.Step)
	}
	r.answer("chosen", "2")
	if v := r.view(); v.Step != "check" || v.Amount != 20000 || r.s.ChangeAt != "" {
		t.Fatalf("back at %s over %s", v.Step, v.Amount)
	}
	r.do(service.Change{Step: "chosen", Return: true})
	r.answer("chosen", "3")
	if v := r.view(); v.Step != "check" || v.Amount != 10000 {
		t.Fatalf("back at %s over %s", v.Step, v.Amount)
	}
}

func TestLookupOutcomes(t *testing.T) {
	t.Parallel()
	begin := func() *rider {
		r := start(t, "traffic-fine-payment")
		r.answer("plate", "浙A8K267")
		e := r.awaits(service.EffectAsk)
		want := []service.Spend{{Budget: "lookup.resident", Target: "浙A8K267"}}
		if diff := cmp.Diff(want, e.Spend); diff != "" || len(e.Failures) != 1 || e.Key != "0CASE/violations/1" {
			t.Fatalf("asks %+v", e)
		}
		return r
	}
	t.Run("not known goes back to the form", func(t *testing.T) {
		r := begin()
		r.hear(service.OutcomeAnswered, map[string]any{"known": false, "scope": "none", "items": []any{}})
		v := r.view()
		if v.Step != "plate" || len(v.Notes) != 2 || !strings.HasPrefix(v.Notes[0].Text, "没有查到登记在您名下的这辆车") || v.Fields[0].Value != "浙A8K267" {
			t.Fatalf("%+v", v)
		}
		r.answer("plate", "浙A8K267")
		r.awaits(service.EffectAsk)
	})
	t.Run("refused goes back with the office's sentence", func(t *testing.T) {
		r := begin()
		r.hear(service.OutcomeRefused, nil, "系统维护，6 点后再查")
		if v := r.view(); v.Step != "plate" || v.Notes[0].Text != "系统维护，6 点后再查" {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("limited ends", func(t *testing.T) {
		r := begin()
		r.hear(service.OutcomeLimited, nil, "lookup.resident")
		if v := r.view(); v.End != service.EndLimited || v.Good || v.Title == "" {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("silence is asked again later and by hand", func(t *testing.T) {
		r := begin()
		r.hear(service.OutcomeDown, map[string]any{"since": "2026-11-24T10:32:00+08:00"})
		v := r.view()
		if !v.Down || !v.Retry || v.Title != "暂时查不到" || v.DownFrom.In(noon.Location()).Format("15:04") != "10:32" || v.Back != "plate" {
			t.Fatalf("%+v", v)
		}
		e := r.awaits(service.EffectAsk)
		if e.After != 30*time.Second || e.Attempt != 2 || len(e.Spend) != 0 || len(e.Failures) != 1 {
			t.Fatalf("asks again %+v", e)
		}
		r.do(service.Retry{Step: "violations"})
		if e := r.awaits(service.EffectAsk); e.After != 0 || e.Attempt != 3 || r.view().Down {
			t.Fatalf("by hand %+v", e)
		}
		for range 5 {
			r.hear(service.OutcomeDown, nil)
		}
		if len(r.d.Pending(r.s, r.env)) > 0 || !r.view().Retry {
			t.Fatalf("never gives up: %+v", r.s.Tries)
		}
		r.do(service.Retry{Step: "violations"})
		r.hear(service.OutcomeAnswered, told("violations.find"))
		if r.s.Step != "chosen" || r.s.Down {
			t.Fatalf("at %s", r.s.Step)
		}
	})
	t.Run("an answer of another shape is no answer", func(t *testing.T) {
		r := begin()
		r.hear(service.OutcomeAnswered, map[string]any{"known": true, "items": []any{map[string]any{"fine": 1.5}}})
		if !r.s.Down {
			t.Fatal("taken as an answer")
		}
	})
	t.Run("only what was declared is kept", func(t *testing.T) {
		r := begin()
		data := told("violations.find")
		data["owner_home"] = "文三路 1 号"
		r.hear(service.OutcomeAnswered, data)
		b, err := r.s.Encode()
		if err != nil || strings.Contains(string(b), "owner_home") {
			t.Fatalf("kept: %v", err)
		}
	})
}

func TestLevelIsAskedWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	offer, _ := catalogue(t).Offer("330100", "driver-points-query")
	r := &rider{t: t, d: offer.Definition, env: service.Env{Now: noon, Offer: offer, CaseNo: "0CASE", Me: service.Me{Level: 1}}}
	var err error
	if r.s, r.effects, err = r.d.Start(r.env); err != nil || len(r.effects) > 0 {
		t.Fatalf("starts with %v, %v", r.effects, err)
	}
	if v := r.view(); v.Kind != service.ViewProve || v.Level != 2 {
		t.Fatalf("%+v", v)
	}
	r.do(service.Retry{Step: "licence"})
	if r.s.Waiting {
		t.Fatal("went on without a proof")
	}
	r.env.Me = service.Me{Level: 2, CitizenNumber: "11010519491231002X"}
	r.do(service.Retry{Step: "licence"})
	if e := r.awaits(service.EffectAsk); e.With["citizen_number"] != "11010519491231002X" {
		t.Fatalf("%+v", e)
	}
	if d := offer.Definition; d.Level != 2 || !d.Skip || !slices.Equal(d.Offices, []string{"traffic"}) {
		t.Fatalf("%+v", d)
	}
}

func TestStateIsSealed(t *testing.T) {
	t.Parallel()
	r := atCheck(t)
	for _, s := range []string{fmt.Sprint(r.s), fmt.Sprintf("%+v", r.s), fmt.Sprintf("%#v", r.s), r.s.LogValue().String()} {
		if s != "[sealed]" {
			t.Errorf("prints %q", s)
		}
	}
	if _, err := service.DecodeState([]byte(`{"typed":{"name":["张小敏"]},"attempt":"x"}`)); err == nil || strings.Contains(err.Error(), "张") {
		t.Errorf("error says %v", err)
	}
}

func TestDraftAndPagesBehind(t *testing.T) {
	t.Parallel()
	r := start(t, "electricity-bill-payment")
	r.do(service.Draft{Step: "account", Values: map[string][]string{"account": {"33010"}, "other": {"x"}}})
	if v := r.view(); v.Fields[0].Value != "33010" || len(r.s.Typed) != 1 {
		t.Fatalf("draft shows %+v", v.Fields)
	}
	r.answer("account", "3301 0000 45")
	r.proceed()
	r.answer("bills", "b1", "bills", "b2")
	v, ok := r.d.ViewAt(r.s, "account", r.env)
	if !ok || v.Kind != service.ViewForm || v.Fields[0].Value != "3301 0000 45" || v.Index != 1 || v.Back != "" {
		t.Fatalf("behind: %v %+v", ok, v)
	}
	for _, step := range []string{"check", "payment", "nowhere", "account_bills"} {
		if _, ok := r.d.ViewAt(r.s, step, r.env); ok {
			t.Errorf("%s is shown as behind", step)
		}
	}
	if got := r.d.Summary(r.s, r.env); got != "2026年4月电费 等 2 项" {
		t.Errorf("summary %q", got)
	}
}
