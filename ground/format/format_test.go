package format_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/format"
)

var today = time.Date(2026, 11, 20, 9, 0, 0, 0, clock.Shanghai)

func citizen(s string) (string, error) { return format.CitizenNumber(s, today) }

type reader func(string) (string, error)

func readers() map[string]reader {
	return map[string]reader{
		"phone": format.Phone, "telephone": format.Telephone, "citizen_number": citizen, "credit_code": format.CreditCode,
		"organisation_code": format.OrganisationCode, "plate": format.Plate, "bank_card": format.BankCard, "vin": format.VIN,
		"engine": format.EngineTail, "name": format.PersonName, "postcode": format.Postcode, "passport": format.Passport,
		"travel_permit": format.TravelPermit, "date": format.Date, "licence_file": format.LicenceFile,
		"electricity": format.ElectricityAccount, "digits": format.Digits,
	}
}

// Each vector of security.md part 7: what it reads as, or the code of its fault.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ format, in, want, code string }{
		{"citizen_number", "11010519491231002X", "11010519491231002X", ""},
		{"citizen_number", "11010519491231002x", "11010519491231002X", ""},
		{"citizen_number", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", ""},
		{"citizen_number", " 110105 19491231 002X ", "11010519491231002X", ""},
		{"citizen_number", "440524188001010014", "440524188001010014", ""},
		{"citizen_number", "110101199003070011", "110101199003070011", ""},
		{"citizen_number", "11010119900307002X", "11010119900307002X", ""},
		{"citizen_number", "530102200002290127", "530102200002290127", ""},
		{"citizen_number", "810000198506150020", "810000198506150020", ""},
		{"citizen_number", "820000199208080032", "820000199208080032", ""},
		{"citizen_number", "830000197904200010", "830000197904200010", ""},
		{"citizen_number", "911156198108030025", "911156198108030025", ""},
		{"citizen_number", "110105194912310021", "", "citizen_number.check"},
		{"citizen_number", "110101190002290011", "", "citizen_number.date"},
		{"citizen_number", "110101209901010017", "", "citizen_number.date"},
		{"citizen_number", "000000199003070014", "", "citizen_number.region"},
		{"citizen_number", "999999202601010014", "", "citizen_number.region"},
		{"citizen_number", "110105491231002", "", "citizen_number.old"},
		{"citizen_number", "1101051949123100", "", "citizen_number.short"},
		{"citizen_number", "11010519491231002X1", "", "citizen_number.long"},
		{"citizen_number", "1101051949123100211", "", "citizen_number.long"},
		{"citizen_number", "1101X519491231002X", "", "citizen_number.chars"},
		{"citizen_number", "11010519491231中2X", "", "citizen_number.chars"},
		{"citizen_number", "身份证号", "", "citizen_number.chars"},
		{"citizen_number", "  ", "", "citizen_number.empty"},

		{"credit_code", "91350100M000100Y43", "91350100M000100Y43", ""},
		{"credit_code", "91350100m000100y43", "91350100M000100Y43", ""},
		{"credit_code", "11990000YJ0000015P", "11990000YJ0000015P", ""},
		{"credit_code", "129900000000000197", "129900000000000197", ""},
		{"credit_code", "91350100M000100Y4Z", "", "credit_code.chars"},
		{"credit_code", "91350100M000100Y34", "", "credit_code.check"},
		{"credit_code", "91350100MI00100Y43", "", "credit_code.chars"},
		{"credit_code", "9135010AM000100Y43", "", "credit_code.region"},
		{"credit_code", "91350100M000100Y4", "", "credit_code.short"},
		{"credit_code", "91350100M000100Y433", "", "credit_code.long"},
		{"credit_code", "", "", "credit_code.empty"},
		{"organisation_code", "D2143569-X", "D2143569-X", ""},
		{"organisation_code", "d2143569x", "D2143569-X", ""},
		{"organisation_code", "M000100Y-4", "M000100Y-4", ""},
		{"organisation_code", "D2143569-1", "", "organisation_code.check"},
		{"organisation_code", "D214356", "", "organisation_code.length"},
		{"organisation_code", "D21435六9X", "", "organisation_code.chars"},

		{"plate", "京A12345", "京A12345", ""},
		{"plate", "京A·12345", "京A12345", ""},
		{"plate", "京A 12345", "京A12345", ""},
		{"plate", "京a12345", "京A12345", ""},
		{"plate", "京Ａ•１２３４５", "京A12345", ""},
		{"plate", "浙AB123C", "浙AB123C", ""},
		{"plate", "京AD1234", "京AD1234", ""},
		{"plate", "京O12345", "京O12345", ""},
		{"plate", "粤BD12345", "粤BD12345", ""},
		{"plate", "粤BF12345", "粤BF12345", ""},
		{"plate", "京AA12345", "京AA12345", ""},
		{"plate", "粤B12345D", "粤B12345D", ""},
		{"plate", "京A1234警", "京A1234警", ""},
		{"plate", "沪C1234学", "沪C1234学", ""},
		{"plate", "鲁B1234挂", "鲁B1234挂", ""},
		{"plate", "粤Z1234港", "粤Z1234港", ""},
		{"plate", "粤Z1234澳", "粤Z1234澳", ""},
		{"plate", "沪A1234领", "沪A1234领", ""},
		{"plate", "224578使", "224578使", ""},
		{"plate", "使224578", "使224578", ""},
		{"plate", "京X1234应急", "京X1234应急", ""},
		{"plate", "WJ京1234X", "WJ京1234X", ""},
		{"plate", "VA12345", "VA12345", ""},
		{"plate", "京I12345", "", "plate.authority"},
		{"plate", "京A1234O", "", "plate.letters"},
		{"plate", "京A1234", "", "plate.short"},
		{"plate", "京A12", "", "plate.shorter"},
		{"plate", "京", "", "plate.shorter"},
		{"plate", "粤BL12345", "", "plate.ev"},
		{"plate", "粤BDI1234", "", "plate.letters"},
		{"plate", "粤B12345Z", "", "plate.ev"},
		{"plate", "京A12345警", "", "plate.tail"},
		{"plate", "京Z1234港", "", "plate.border"},
		{"plate", "京A1234应急", "", "plate.emergency"},
		{"plate", "京A1234567", "", "plate.long"},
		{"plate", "A12345", "", "plate.province"},
		{"plate", "12345", "", "plate.province"},
		{"plate", "京A12#45", "", "plate.chars"},
		{"plate", "京A警1234", "", "plate.chars"},
		{"plate", " · ", "", "plate.empty"},

		{"bank_card", "6222 0200 0000 0000 000", "6222020000000000000", ""},
		{"bank_card", "6217000000000000004", "6217000000000000004", ""},
		{"bank_card", "622590000000000007", "622590000000000007", ""},
		{"bank_card", "6228480000000000000", "6228480000000000000", ""},
		{"bank_card", "4111111111111111", "4111111111111111", ""},
		{"bank_card", "378282246310005", "378282246310005", ""},
		{"bank_card", "6222020000000000001", "", "bank_card.check"},
		{"bank_card", "4111111111111112", "", "bank_card.check"},
		{"bank_card", "0000000000000000", "", "bank_card.check"},
		{"bank_card", "62220200000", "", "bank_card.short"},
		{"bank_card", "62220200000000000000", "", "bank_card.long"},
		{"bank_card", "6222o200000000000", "", "bank_card.chars"},

		{"phone", "13800138000", "+8613800138000", ""},
		{"phone", "+86 138-0013-8000", "+8613800138000", ""},
		{"phone", "0086 13800138000", "+8613800138000", ""},
		{"phone", "８６１３８００１３８０００", "+8613800138000", ""},
		{"phone", "12800138000", "", "phone.prefix"},
		{"phone", "1380013800", "", "phone.short"},
		{"phone", "138001380000", "", "phone.long"},
		{"phone", "8613800138", "", "phone.short"},
		{"phone", "1440013800000", "", "phone.long"},
		{"phone", "+85291234567", "", "phone.country"},
		{"phone", "1380013800a", "", "phone.chars"},
		{"phone", "", "", "phone.empty"},
		{"telephone", "0571-87654321", "0571-87654321", ""},
		{"telephone", "057187654321", "0571-87654321", ""},
		{"telephone", "(010) 87654321-123", "010-87654321-123", ""},
		{"telephone", "010-87654321-123", "010-87654321-123", ""},
		{"telephone", "01087654321", "010-87654321", ""},
		{"telephone", "12345", "12345", ""},
		{"telephone", "95598", "95598", ""},
		{"telephone", "110", "110", ""},
		{"telephone", "400-123-4567", "4001234567", ""},
		{"telephone", "13800138000", "+8613800138000", ""},
		{"telephone", "87654321", "", "telephone.shape"},

		{"passport", "E12345678", "E12345678", ""},
		{"passport", "ea1234567", "EA1234567", ""},
		{"passport", "L898902C3", "L898902C3", ""},
		{"passport", "KJ12345678", "KJ12345678", ""},
		{"passport", "E1234", "", "passport.length"},
		{"passport", "E12-中", "", "passport.chars"},
		{"travel_permit", "C12345678", "C12345678", ""},
		{"travel_permit", "T12345678", "T12345678", ""},
		{"travel_permit", "X1234", "", "travel_permit.shape"},

		{"vin", "1m8gdm9axkp042788", "1M8GDM9AXKP042788", ""},
		{"vin", "1M8GDM9AXKP04278", "", "vin.short"},
		{"vin", "1M8GDM9AXKP0427888", "", "vin.long"},
		{"vin", "1M8GDM9AXKP04278O", "", "vin.chars"},
		{"engine", "a123456", "123456", ""},
		{"engine", "12345", "", "engine.short"},
		{"engine", "12345发", "", "engine.chars"},
		{"engine", "123456789012345678901", "", "engine.long"},
		{"licence_file", "330100 000001", "330100000001", ""},
		{"licence_file", "33010000001", "", "licence_file.length"},
		{"licence_file", "33010000001x", "", "licence_file.chars"},
		{"postcode", "310000", "310000", ""},
		{"postcode", "31000", "", "postcode.length"},
		{"electricity", "3300000150", "3300000150", ""},
		{"electricity", "330000015", "", "electricity.short"},
		{"electricity", "33000001501234", "", "electricity.long"},
		{"digits", " 0012-３４5 ", "0012345", ""},
		{"digits", "12a", "", "digits.chars"},
		{"digits", " ", "", "digits.empty"},

		{"date", "2024-05-28", "2024-05-28", ""},
		{"date", "2024年5月28日", "2024-05-28", ""},
		{"date", "2024/5/28", "2024-05-28", ""},
		{"date", "２０２４．５．２８", "2024-05-28", ""},
		{"date", "20240528", "2024-05-28", ""},
		{"date", "2024-02-30", "", "date.calendar"},
		{"date", "2023-2-29", "", "date.calendar"},
		{"date", "5月28日", "", "date.shape"},
		{"date", "", "", "date.empty"},

		{"name", "䶮", "䶮", ""},
		{"name", " 张 三 ", "张三", ""},
		{"name", "阿卜杜拉・买买提", "阿卜杜拉·买买提", ""},
		{"name", "阿卜杜拉.买买提", "阿卜杜拉·买买提", ""},
		{"name", "阿卜杜拉 ． 买买提", "阿卜杜拉·买买提", ""},
		{"name", "𠮷野家", "𠮷野家", ""},
		{"name", "\U0002EBF0", "\U0002EBF0", ""},
		{"name", "John  O’Neill Jr.", "John O'Neill Jr.", ""},
		{"name", "José Müller-Lang", "José Müller-Lang", ""},
		{"name", "张三1", "", "name.chars"},
		{"name", "<b>", "", "name.chars"},
		{"name", "·张", "", "name.chars"},
		{"name", "张三！", "", "name.chars"},
		{"name", " ", "", "name.empty"},
		{"name", strings.Repeat("张", 51), "", "name.long"},
	} {
		t.Run(c.format+"/"+c.in, func(t *testing.T) {
			t.Parallel()
			got, err := readers()[c.format](c.in)
			if got != c.want {
				t.Errorf("%q reads as %q, want %q (%v)", c.in, got, c.want, err)
			}
			code := ""
			if f := fault.Of(err); f != nil {
				code = f.Code
			}
			if code != c.code {
				t.Errorf("%q has fault %q, want %q", c.in, code, c.code)
			}
		})
	}
}

func TestRuleSentence(t *testing.T) {
	t.Parallel()
	_, err := format.Plate("浙A1234")
	if f := fault.Of(err); f == nil || f.Public != "车牌号少一位，小型汽车是 7 位，例如 浙A12345" {
		t.Errorf("R3.4 wants its own sentence, got %v", f)
	}
}

func TestCitizen(t *testing.T) {
	t.Parallel()
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, clock.Shanghai) }
	for _, c := range []struct {
		in   string
		want format.Citizen
	}{
		{"11010519491231002X", format.Citizen{Kind: format.Mainland, Birth: day(1949, 12, 31), Sex: format.Female, Region: "110105"}},
		{"110101199003070011", format.Citizen{Kind: format.Mainland, Birth: day(1990, 3, 7), Sex: format.Male, Region: "110101"}},
		{"810000198506150020", format.Citizen{Kind: format.HongKong, Birth: day(1985, 6, 15), Sex: format.Female}},
		{"820000199208080032", format.Citizen{Kind: format.Macau, Birth: day(1992, 8, 8), Sex: format.Male}},
		{"830000197904200010", format.Citizen{Kind: format.Taiwan, Birth: day(1979, 4, 20), Sex: format.Male}},
		{"911156198108030025", format.Citizen{Kind: format.Foreigner, Birth: day(1981, 8, 3), Sex: format.Female}},
	} {
		got, known := format.CitizenOf(c.in)
		if !known || got != c.want {
			t.Errorf("%s is %+v %v, want %+v", c.in, got, known, c.want)
		}
	}
	if _, known := format.CitizenOf("110105194912310021"); known {
		t.Error("a wrong number says something")
	}
	c, _ := format.CitizenOf("530102200002290127")
	for at, want := range map[time.Time]int{day(2026, 2, 28): 25, day(2026, 3, 1): 26, day(2024, 2, 29): 24} {
		if got := c.AgeAt(at); got != want {
			t.Errorf("born on a leap day, at %v: %d, want %d", at, got, want)
		}
	}
}

func TestPlateKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		plate string
		kind  format.PlateKind
		code  string
		show  string
	}{
		{"浙A12345", format.OrdinaryPlate, "02", "浙A·12345"},
		{"粤BD12345", format.EVPlate, "52", "粤B·D12345"},
		{"粤B12345D", format.LargeEVPlate, "51", "粤B·12345D"},
		{"京A1234警", format.PolicePlate, "23", "京A·1234警"},
		{"沪C1234学", format.LearnerPlate, "16", "沪C·1234学"},
		{"鲁B1234挂", format.TrailerPlate, "15", "鲁B·1234挂"},
		{"粤Z1234港", format.HongKongPlate, "26", "粤Z·1234港"},
		{"粤Z1234澳", format.MacauPlate, "27", "粤Z·1234澳"},
		{"沪A1234领", format.ConsulatePlate, "04", "沪A·1234领"},
		{"224578使", format.EmbassyPlate, "03", "224578使"},
		{"使224578", format.EmbassyPlate, "03", "使224578"},
		{"京X1234应急", format.EmergencyPlate, "", "京X·1234应急"},
		{"VA12345", format.MilitaryPlate, "", "VA12345"},
		{"WJ京1234X", format.MilitaryPlate, "", "WJ京1234X"},
		{"使224578使", "", "", "使224578使"},
		{"浙A1234", "", "", "浙A1234"},
	} {
		if k := format.PlateKindOf(c.plate); k != c.kind {
			t.Errorf("%s is %q, want %q", c.plate, k, c.kind)
		}
		if k := format.PlateCode(c.plate); k != c.code {
			t.Errorf("%s has code %q, want %q", c.plate, k, c.code)
		}
		if s := format.PlateShow(c.plate); s != c.show {
			t.Errorf("%s shows as %q, want %q", c.plate, s, c.show)
		}
	}
}

func TestPassportKindsAndMRZ(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]format.PassportKind{
		"E12345678": format.OrdinaryPassport, "EA1234567": format.OrdinaryPassport, "EI1234567": format.ForeignPassport,
		"G12345678": format.OrdinaryPassport, "DE1234567": format.OfficialPassport, "KJ1234567": format.SARPassport,
		"L898902C3": format.ForeignPassport, "E1": "",
	} {
		if k := format.PassportKindOf(s); k != want {
			t.Errorf("%s is %q, want %q", s, k, want)
		}
	}
	for s, want := range map[string]byte{"L898902C3": '6', "740812": '2', "120415": '9', "E12345678": '2'} {
		if c := format.MRZCheck(s); c != want {
			t.Errorf("%s has check %c, want %c", s, c, want)
		}
	}
}

func TestVINChecks(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"1M8GDM9AXKP042788": true, "11111111111111111": true, "1M8GDM9A1KP042788": false, "short": false,
	} {
		if got := format.VINChecks(s); got != want {
			t.Errorf("%s checks: %v, want %v", s, got, want)
		}
	}
}

func TestNameKey(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"阿卜杜拉·买买提", "阿卜杜拉•买买提"}, {"ＺＨＡＮＧ San", "Zhang san"}, {"张 三", "张三"}} {
		if format.NameKey(pair[0]) != format.NameKey(pair[1]) {
			t.Errorf("%q and %q do not compare equal", pair[0], pair[1])
		}
	}
	if format.NameKey("张三") == format.NameKey("张山") {
		t.Error("different names compare equal")
	}
}
