package identity

import "log/slog"

// What was typed is personal before it is judged, so the proofs print as this.
const hidden = "[sealed]"

// NameProof is what proves L2, as it was typed.
type NameProof struct {
	Name          string
	CitizenNumber string
	Consent       bool // the separate consent for a citizen number (PIPL 29); without it fault.Invalid on "consent"
}

// CardProof is what proves L3, as it was typed.
type CardProof struct {
	Number  string
	Phone   string // registered with the bank
	Consent bool
}

// VehicleProof is what, together with what is proven already, proves L4, as it was typed.
type VehicleProof struct {
	Plate   string
	Consent bool
}

// StepUpProof is what proves presence, as it was typed.
type StepUpProof struct {
	Code   string
	Second string // what SecondOf asks for
}

// String hides what was typed.
func (NameProof) String() string { return hidden }

// GoString hides what was typed from %#v.
func (NameProof) GoString() string { return hidden }

// LogValue hides what was typed from slog.
func (NameProof) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON hides what was typed from JSON.
func (NameProof) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// String hides what was typed.
func (CardProof) String() string { return hidden }

// GoString hides what was typed from %#v.
func (CardProof) GoString() string { return hidden }

// LogValue hides what was typed from slog.
func (CardProof) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON hides what was typed from JSON.
func (CardProof) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// String hides what was typed.
func (VehicleProof) String() string { return hidden }

// GoString hides what was typed from %#v.
func (VehicleProof) GoString() string { return hidden }

// LogValue hides what was typed from slog.
func (VehicleProof) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON hides what was typed from JSON.
func (VehicleProof) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// String hides what was typed.
func (StepUpProof) String() string { return hidden }

// GoString hides what was typed from %#v.
func (StepUpProof) GoString() string { return hidden }

// LogValue hides what was typed from slog.
func (StepUpProof) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON hides what was typed from JSON.
func (StepUpProof) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
