package demo

// Names are put together from invented words, so that none is a real firm's.
var (
	nameFronts = []string{"Brelmor", "Quistav", "Vantorr", "Oskwin", "Drellan", "Fennwick", "Marquell", "Ythrone", "Calvess", "Thandor"}
	nameBacks  = []string{"asu", "elio", "unde", "igarth", "omex", "ivane", "ostra", "arlune", "ebrant", "usque"}
	trades     = []string{"Shipping", "Textiles", "Foods", "Instruments", "Paper"}
	firstNames = []string{"Alva", "Bero", "Cilja", "Doman", "Elspa", "Frido", "Gwena", "Hasko", "Ilvy", "Jorun", "Kasimo", "Lunett"}
	lastNames  = []string{"Abergast", "Brundholt", "Cormadin", "Dellverne", "Eskwald", "Fjellmark"}
)

// groupName is different for each of the first 100 groups.
func groupName(i int) string {
	return nameFronts[i%10] + nameBacks[(i/10+i)%10] + " Holding"
}

// clientName is different for each of the first 500 clients.
func clientName(i int) string {
	return nameFronts[i%10] + nameBacks[(i/10)%10] + " " + trades[(i/100+i)%5]
}

// userName is different for each of the first 72 users.
func userName(i int) string {
	return firstNames[i%12] + " " + lastNames[(i/12+i)%6]
}
