package proof_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/office"
	"zhijian/outside/proof"
	"zhijian/outside/sms"
	"zhijian/sandbox"
)

// city is a sandbox and an office client for it.
func city(t *testing.T) (*sandbox.World, *office.Client) {
	t.Helper()
	c := &clock.System{}
	w, err := sandbox.Start(t.Context(), sandbox.Config{Seed: 7, Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	offices := map[string]office.Office{}
	for _, name := range []string{sandbox.Traffic, sandbox.Population, sandbox.Bank} {
		offices[name] = office.Office{URL: w.URLs()[name], Timeout: 30 * time.Second}
	}
	client, err := office.New(office.Config{Offices: offices, Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return w, client
}

func TestProofs(t *testing.T) {
	t.Parallel()
	w, c := city(t)
	me, other := w.Residents()[0], w.Residents()[1]
	ctx, text := t.Context(), seal.Plain
	for _, e164 := range []string{"", "+86"} {
		if ok, err := (proof.Register{Office: c}).Match(ctx, text(me.Name), text(me.CitizenNumber), text(e164+me.Phone)); !ok || err != nil {
			t.Errorf("register: %v %v", ok, err)
		}
		ok, at, err := proof.Bank{Office: c}.Holder(ctx, text(me.Name), text(me.CitizenNumber), text(me.BankCard), text(e164+me.Phone))
		if !ok || err != nil || at != me.BankName {
			t.Errorf("bank: %v %q %v", ok, at, err)
		}
		if ok, err := (proof.Vehicles{Office: c}).Owner(ctx, text(me.Name), text(me.CitizenNumber), text(e164+me.Phone), text(me.Vehicles[0].Plate)); !ok || err != nil {
			t.Errorf("vehicle: %v %v", ok, err)
		}
	}
	if ok, err := (proof.Register{Office: c}).Match(ctx, text(me.Name), text(other.CitizenNumber), text(me.Phone)); ok || err != nil {
		t.Errorf("another's number: %v %v", ok, err)
	}
	if ok, at, err := (proof.Bank{Office: c}).Holder(ctx, text(me.Name), text(me.CitizenNumber), text(other.BankCard), text(me.Phone)); ok || at != "" || err != nil {
		t.Errorf("another's card: %v %q %v", ok, at, err)
	}
	if ok, err := (proof.Vehicles{Office: c}).Owner(ctx, text(me.Name), text(me.CitizenNumber), text(me.Phone), text(other.Vehicles[0].Plate)); ok || err != nil {
		t.Errorf("another's car: %v %v", ok, err)
	}
	w.Switch("*", sandbox.Broken)
	if ok, err := (proof.Register{Office: c}).Match(ctx, text(me.Name), text(me.CitizenNumber), text(me.Phone)); ok || !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("register down: %v %v", ok, err)
	}
}

type mute struct{}

func (mute) Call(context.Context, string, string, string, map[string]any) (map[string]any, error) {
	return map[string]any{"match": "yes"}, nil
}

func TestAnAnswerThatSaysNeitherIsNone(t *testing.T) {
	t.Parallel()
	x := seal.Plain("x")
	if ok, err := (proof.Register{Office: mute{}}).Match(t.Context(), x, x, x); ok || !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("%v %v", ok, err)
	}
}

func TestShortMessages(t *testing.T) {
	t.Parallel()
	w, _ := city(t)
	g, err := sms.New(sms.Config{URL: w.URLs()[sandbox.SMS]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	for _, c := range []struct {
		name, phone string
		kind        fault.Kind
	}{
		{"taken", "+8619900000001", ""},
		{"gateway fails", "+8619900010000", fault.KindUnavailable},
		{"no number", "+8612", fault.KindInvalid},
	} {
		if err := g.Send(t.Context(), seal.Plain(c.phone), "验证码 482913"); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := g.Send(t.Context(), seal.Text{}, "x"); err == nil {
		t.Error("a message to nobody")
	}
	w.Switch(sandbox.SMS, sandbox.Refuse)
	if err := g.Send(t.Context(), seal.Plain("+8619900000001"), "x"); !fault.Is(err, fault.KindUnavailable) || errors.Is(err, context.Canceled) {
		t.Errorf("cut off: %v", err)
	}
	if _, err := sms.New(sms.Config{URL: "nowhere"}); err == nil {
		t.Error("no base URL")
	}
}
