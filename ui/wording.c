/* wording.c - codes of boxes in the language of the screen. */
#include "config.h"

#include "ui/wording.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "review/evidence.h"

/* TRANSLATORS: what a box covers, how it was found, and by which sign; short
 * words for a narrow list. */
static const char *const codes[] = {
	/* classes */
	N_("name"), N_("kana"), N_("date"),
	N_("time"), N_("accession"), N_("institution"),
	N_("physician"), N_("address"), N_("phone"), N_("insurance"),
	N_("barcode"), N_("other"), N_("face"), N_("eyes"),
	/* kinds and sources */
	N_("identifier"), N_("unreadable"), N_("text"), N_("benign"),
	N_("header"), N_("layout"), N_("import"),
	N_("reviewer"),
	/* whys */
	N_("pattern"), N_("label"), N_("word"), N_("shape"), N_("read"),
	N_("residual"), N_("age"),
	N_("sex"), N_("digits"), N_("code"), N_("caret"), N_("postal"),
	N_("street"),
	N_("honorific"), N_("net"), N_("number"), N_("user"), N_("mark"),
	N_("unit"), N_("beside"), N_("qr"), N_("datamatrix"),
	N_("seal"), N_("handwriting"),
	N_("rfb-whole"), N_("rfb-tile"), N_("rfb-wide"), N_("rfb-turned"),
	N_("blaze-whole"), N_("blaze-tile"), N_("blaze-wide"),
	N_("blaze-turned"),
	/* attributes of DICOM by keyword; those that a why cuts are left */
	N_("PatientName"), N_("PatientID"), N_("PatientBirthDate"),
	N_("OtherPatientNames"), N_("PatientBirthName"),
	N_("PatientMotherBirthName"), N_("ResponsiblePerson"),
	N_("OtherPatientIDs"), N_("MedicalRecordLocator"),
	N_("ClinicalTrialSubjectID"), N_("PatientSex"), N_("PatientAge"),
	N_("PatientAddress"), N_("PatientTelephoneNumbers"),
	N_("PersonTelephoneNumbers"), N_("OrderCallbackPhoneNumber"),
	N_("PersonAddress"), N_("RegionOfResidence"),
	N_("InsurancePlanIdentification"), N_("PatientComments"),
	N_("AccessionNumber"), N_("StudyID"), N_("RequestedProcedureID"),
	N_("AdmissionID"), N_("ServiceEpisodeID"), N_("ContainerIdentifier"),
	N_("SpecimenIdentifier"), N_("StudyDate"), N_("SeriesDate"),
	N_("AcquisitionDate"), N_("ContentDate"), N_("AcquisitionDateTime"),
	N_("InstanceCreationDate"), N_("PerformedProcedureStepStartDate"),
	N_("InstitutionName"), N_("InstitutionAddress"),
	N_("InstitutionalDepartmentName"), N_("ResponsibleOrganization"),
	N_("CurrentPatientLocation"), N_("PatientInstitutionResidence"),
	N_("StationName"), N_("ReferringPhysicianName"),
	N_("ConsultingPhysicianName"), N_("PhysiciansOfRecord"),
	N_("PerformingPhysicianName"), N_("NameOfPhysiciansReadingStudy"),
	N_("OperatorsName"), N_("RequestingPhysician"),
	N_("RequestingService"), N_("PersonName"),
};

/* Codes that are no words. */
static const struct { const char *code, *text; } renamed[] = {
	{ "patient_id", N_("patient ID") }, { "dob", N_("birth date") },
	{ "age_sex", N_("age, sex") }, { "ocr", N_("text read") },
	{ "ink", N_("shape only") }, { "too-many", N_("too many") },
	{ "date-wareki", N_("Japanese date") },
	{ "benign_text", N_("benign text") },
};

const char *wording(const char *code)
{
	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
		if (!strcmp(code, renamed[i].code))
			return _(renamed[i].text);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (!strcmp(code, codes[i]))
			return _(codes[i]);
	return code;
}

void wording_why(const char *why, char text[WORDING_WHY])
{
	char first[BOX_WHY] = "";
	const char *colon = strchr(why, ':');
	size_t length = colon ? (size_t)(colon - why) : strlen(why);

	if (length >= sizeof(first))
		length = sizeof(first) - 1;
	memcpy(first, why, length);
	snprintf(text, WORDING_WHY, "%s%s%s", wording(first),
		 colon ? ":" : "", colon ? wording(colon + 1) : "");
}

bool wording_frame(int frame_index, char text[WORDING_FRAME])
{
	int frame, plane = plane_of_frame(frame_index, &frame);

	text[0] = '\0';
	if (plane == PLANE_BITS)
		snprintf(text, WORDING_FRAME, _("unused bits f%d"), frame + 1);
	else if (plane != PLANE_PICTURE)
		snprintf(text, WORDING_FRAME, _("overlay %04x f%d"),
			 (unsigned)plane, frame + 1);
	else if (frame_index < 0)
		snprintf(text, WORDING_FRAME, "%s",
			 frame_index == FRAME_WHOLE ? _("full range") :
			 frame_index == -1 ? _("brightest of all frames") :
					     _("darkest of all frames"));
	return plane != PLANE_PICTURE || frame_index < 0;
}
