package staff

import (
	"context"
	"log/slog"
	"strings"
	"unicode/utf8"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Enrolment is what Enroll needs to know of a member. It holds secrets and prints as [sealed].
type Enrolment struct {
	User, Name, Password string
	TOTP                 string // base32; empty makes a new one
	Department           int64  // 0 only for the operator's people
	Operator             bool
}

// String hides the secrets.
func (Enrolment) String() string { return "[sealed]" }

// GoString hides the secrets from %#v.
func (Enrolment) GoString() string { return "[sealed]" }

// LogValue hides the secrets from slog.
func (Enrolment) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// MarshalJSON hides the secrets from JSON.
func (Enrolment) MarshalJSON() ([]byte, error) { return []byte(`"[sealed]"`), nil }

// Enroll makes a member, or changes the one with the same user name and ends their sessions; it returns the TOTP secret. House
// and operator only, others get fault.Denied "staff.enroll". fault.Invalid names every field at fault.
func (d *Desk) Enroll(ctx context.Context, a actor.Actor, e Enrolment) (m Member, secret string, err error) {
	defer fault.Wrap(&err, "enroll staff")
	if a.Kind != actor.System && a.Kind != actor.Operator {
		return Member{}, "", fault.Denied("staff.enroll", "只有平台管理员能登记工作人员")
	}
	e.User = foldUser(e.User)
	if e.TOTP == "" {
		e.TOTP = newTOTP()
	}
	var ok bool
	if e.TOTP, ok = readTOTP(e.TOTP); !ok {
		err = fault.Invalid("staff.totp", "动态口令的密钥不完整，请重新复制").On("totp")
	}
	if err := fault.Join(fault.Of(err), e.check(), strong(e.Password, e.User)); err != nil {
		return Member{}, "", err
	}
	hash, err := d.inTurn(ctx, func() string { return hashPassword(d.c.Cost, e.Password) })
	if err != nil {
		return Member{}, "", err
	}
	m, err = d.c.Store.Put(ctx, Member{
		ID: d.c.IDs.ID(), User: e.User, Name: strings.TrimSpace(e.Name), Department: e.Department, Operator: e.Operator,
		Password: hash, TOTP: seal.Plain(e.TOTP), Created: d.c.Clock.Now(),
	}, Enrolled{Meta: event.Meta{Actor: a.String()}, Department: e.Department, Operator: e.Operator})
	return m, e.TOTP, err
}

func (e Enrolment) check() *fault.Error {
	var user, name, department *fault.Error
	if !userName(e.User) {
		user = fault.Invalid("staff.user", "用户名用 3 到 40 位小写字母、数字、点和短横线").On("user")
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(e.Name)); n < 1 || n > 50 {
		name = fault.Invalid("staff.name", "请填写工作人员的姓名，最多 50 个字").On("name")
	}
	if e.Department == 0 && !e.Operator {
		department = fault.Invalid("staff.department", "请选工作人员所在的部门").On("department")
	}
	return fault.Of(fault.Join(user, name, department))
}

// foldUser brings a user name to the form it is kept in.
func foldUser(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func userName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune(".-_@", rune(c)) {
			return false
		}
	}
	return len(s) >= 3 && len(s) <= 40
}

// inTurn runs a hash when it is this caller's turn.
func (d *Desk) inTurn(ctx context.Context, hash func() string) (string, error) {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
		return hash(), nil
	case <-ctx.Done():
		return "", fault.Unavailable("staff.busy", "登录的人太多，请稍后再试").Because(ctx.Err())
	}
}
