package format_test

import (
	"testing"

	"zhijian/ground/format"
)

func fuzz(f *testing.F, name string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	read := readers()[name]
	f.Fuzz(func(t *testing.T, in string) { checkReader(t, name, read, in) })
}

func FuzzPhone(f *testing.F) {
	fuzz(f, "phone", "+86 138-0013-8000", "008613800138000", "8613800138000")
}

func FuzzTelephone(f *testing.F) {
	fuzz(f, "telephone", "0571-87654321-12", "95598", "400-123-4567", "-0")
}

func FuzzCitizenNumber(f *testing.F) {
	fuzz(f, "citizen_number", "11010519491231002X", "110105491231002")
}

func FuzzCreditCode(f *testing.F) { fuzz(f, "credit_code", "91350100M000100Y43", "129900000000000197") }

func FuzzOrganisationCode(f *testing.F) {
	fuzz(f, "organisation_code", "D2143569-X", "M000100Y4")
}

func FuzzPlate(f *testing.F) {
	fuzz(f, "plate", "浙A·12345", "粤BD12345", "224578使", "WJ京1234X", "京X1234应急")
}
func FuzzBankCard(f *testing.F)   { fuzz(f, "bank_card", "6222 0200 0000 0000 000") }
func FuzzVIN(f *testing.F)        { fuzz(f, "vin", "1M8GDM9AXKP042788") }
func FuzzEngineTail(f *testing.F) { fuzz(f, "engine", "A123456") }
func FuzzPersonName(f *testing.F) {
	fuzz(f, "name", "阿卜杜拉·买买提", "O'Neill Jr.", "张 三", "e\u0301")
}
func FuzzPostcode(f *testing.F)     { fuzz(f, "postcode", "310000") }
func FuzzPassport(f *testing.F)     { fuzz(f, "passport", "E12345678") }
func FuzzTravelPermit(f *testing.F) { fuzz(f, "travel_permit", "C12345678") }
func FuzzDate(f *testing.F)         { fuzz(f, "date", "2024年5月28日", "20240528") }
func FuzzLicenceFile(f *testing.F)  { fuzz(f, "licence_file", "330100000001") }
func FuzzElectricityAccount(f *testing.F) {
	fuzz(f, "electricity", "3300000150")
}

// FuzzMask finds panics, and values shown whole to who may not see them.
func FuzzMask(f *testing.F) {
	for _, s := range []string{"张三", "11010519491231002X", "a@b", "1,2", "浙A12345", "杭州市西湖区1号"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, field := range []format.Field{
			format.FieldName, format.FieldCitizenNumber, format.FieldPhone, format.FieldBankCard, format.FieldPlate, format.FieldVIN,
			format.FieldPassport, format.FieldAddress, format.FieldEmail, format.FieldOpenID, format.FieldCoordinates,
		} {
			for _, v := range []format.Viewer{format.Own, format.Staff, format.StaffCase, format.Public} {
				m := format.Mask(field, v, in)
				if v == format.Public && shown(in) > 1 && m == in && field != format.FieldAddress {
					t.Errorf("%s is public whole: %q", field, in)
				}
			}
		}
	})
}
