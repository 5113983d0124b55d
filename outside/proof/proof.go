// Package proof asks the registers that can prove who somebody is: the population register,
// the bank, and the traffic police for vehicles and licences.
//
// Each answers yes or no and nothing else. No answer is fault.Unavailable "office.down", never
// a no. What is asked leaves this process only towards the register.
package proof

import (
	"context"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Caller asks an office; outside/office has one.
type Caller interface {
	Call(ctx context.Context, office, call, key string, with map[string]any) (map[string]any, error)
}

// Names of the offices that are asked.
const (
	population = "population"
	bank       = "bank"
	traffic    = "traffic"
)

// Register is the population register.
type Register struct{ Office Caller }

// Match reports whether name, citizen number and phone are one person's.
func (r Register) Match(ctx context.Context, name, number, phone seal.Text) (bool, error) {
	data, err := r.Office.Call(ctx, population, "match", "", map[string]any{
		"name": name.Reveal(), "citizen_number": number.Reveal(), "phone": phone.Reveal(),
	})
	return yes(data, err)
}

// Child reports whether the second person is a child of the first, by the household register.
func (r Register) Child(ctx context.Context, name, number, childName, childNumber seal.Text) (bool, error) {
	data, err := r.Office.Call(ctx, population, "household.child", "", map[string]any{
		"name": name.Reveal(), "citizen_number": number.Reveal(), "child_name": childName.Reveal(), "child_number": childNumber.Reveal(),
	})
	return yes(data, err)
}

// Bank knows who holds a card.
type Bank struct{ Office Caller }

// Holder reports whether the card is this person's with this phone, and at which bank; bank is
// "" when it is not.
func (b Bank) Holder(ctx context.Context, name, number, card, phone seal.Text) (ok bool, at string, err error) {
	data, err := b.Office.Call(ctx, bank, "holder", "", map[string]any{
		"name": name.Reveal(), "citizen_number": number.Reveal(), "card_number": card.Reveal(), "phone": phone.Reveal(),
	})
	if ok, err = yes(data, err); !ok {
		return false, "", err
	}
	at, _ = data["bank"].(string)
	return true, at, nil
}

// Vehicles knows who owns a vehicle and who holds a driving licence.
type Vehicles struct{ Office Caller }

// Owner reports whether the vehicle's owner and a licence holder are both this person. Whether the bank card is theirs
// is the bank's to say: identity asks all three whatever one of them answers, and joins what they say.
func (v Vehicles) Owner(ctx context.Context, name, number, phone, plate seal.Text) (bool, error) {
	data, err := v.Office.Call(ctx, traffic, "identity.five", "", map[string]any{
		"name": name.Reveal(), "citizen_number": number.Reveal(), "phone": phone.Reveal(),
		"card_holder_number": number.Reveal(), "plate": plate.Reveal(),
	})
	return yes(data, err)
}

// yes reads "match". An answer without it is no answer: a register must never be taken to say
// yes or no when it said neither.
func yes(data map[string]any, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	match, ok := data["match"].(bool)
	if !ok {
		return false, fault.Unavailable("office.down", "对方系统暂时没有回应，不是您的问题")
	}
	return match, nil
}
