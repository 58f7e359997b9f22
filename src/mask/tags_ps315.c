/*
 * tags_ps315.c - DICOM PS3.15 Table E.1-1 (edition 2024b) as a table, and what
 * its codes come to.  Of the rows those are not here that go in every profile
 * (carriers in tags.c: 0000, 0002, 0004, 0400, 4FFE, 50xx, 60xx, 7FE0, FFFA,
 * FFFC, odd groups, graphics, icons, labels, documents) and (0008,0018).
 */
#include "config.h"

#include "mask/tags_ps315.h"

#include <stdio.h>
#include <string.h>

/* The column "Basic Profile"; X/Z/U* is XZU. */
enum code { X, Z, D, U, XZ, XD, ZD, XZD, XZU, CODES };

static const char *const code_name[CODES] = {
	[X] = "X", [Z] = "Z", [D] = "D", [U] = "U", [XZ] = "X/Z",
	[XD] = "X/D", [ZD] = "Z/D", [XZD] = "X/Z/D", [XZU] = "X/Z/U*",
};

/*
 * The columns "Retain ..." with K, and with C for dates.  What has C under
 * patient characteristics asks for reading of free text: no option here, so
 * that such text always goes.
 */
enum {
	UIDS = TAGS_UIDS, DEVICE = TAGS_DEVICE, PLACE = TAGS_INSTITUTION,
	PATIENT = TAGS_PATIENT, DATES = TAGS_FULL_DATES | TAGS_MODIFIED_DATES,
};

/*
 * (0008,1155) is kept by no option: the copies are new instances, and what
 * refers to them has to follow.  A dummy for the code of a person in
 * (0040,1101) would be a person again: it goes.  (0040,0555) is of type 2
 * where it is, so of X/Z it has Z.  (0062,0021) goes, though U would do, as
 * (0062,0020) beside it is a text and goes: they are there together or not at
 * all (PS3.3 C.8.20.2).
 */
static const struct row {
	uint32_t tag;
	enum code code;
	unsigned options;
} rows[] = {
	{ 0x00080012, XD, DATES },	/* InstanceCreationDate */
	{ 0x00080013, XZD, DATES },	/* InstanceCreationTime */
	{ 0x00080014, U, UIDS },	/* InstanceCreatorUID */
	{ 0x00080015, X, DATES },	/* InstanceCoercionDateTime */
	{ 0x00080017, U, UIDS },	/* AcquisitionUID */
	{ 0x00080019, U, UIDS },	/* PyramidUID */
	{ 0x00080020, Z, DATES },	/* StudyDate */
	{ 0x00080021, XD, DATES },	/* SeriesDate */
	{ 0x00080022, XZ, DATES },	/* AcquisitionDate */
	{ 0x00080023, ZD, DATES },	/* ContentDate */
	{ 0x00080024, X, DATES },	/* OverlayDate */
	{ 0x00080025, X, DATES },	/* CurveDate */
	{ 0x0008002a, XZD, DATES },	/* AcquisitionDateTime */
	{ 0x00080030, Z, DATES },	/* StudyTime */
	{ 0x00080031, XD, DATES },	/* SeriesTime */
	{ 0x00080032, XZ, DATES },	/* AcquisitionTime */
	{ 0x00080033, ZD, DATES },	/* ContentTime */
	{ 0x00080034, X, DATES },	/* OverlayTime */
	{ 0x00080035, X, DATES },	/* CurveTime */
	{ 0x00080050, Z, 0 },		/* AccessionNumber */
	{ 0x00080054, X, 0 },		/* RetrieveAETitle */
	{ 0x00080055, X, 0 },		/* StationAETitle */
	{ 0x00080058, U, UIDS },	/* FailedSOPInstanceUIDList */
	{ 0x00080080, XZD, PLACE },	/* InstitutionName */
	{ 0x00080081, X, PLACE },	/* InstitutionAddress */
	{ 0x00080082, XZD, PLACE },	/* InstitutionCodeSequence */
	{ 0x00080090, Z, 0 },		/* ReferringPhysicianName */
	{ 0x00080092, X, 0 },		/* ReferringPhysicianAddress */
	{ 0x00080094, X, 0 },		/* ReferringPhysicianTelephoneNumbers */
	{ 0x00080096, X, 0 },		/* ReferringPhysicianIdentificationSe */
	{ 0x0008009c, Z, 0 },		/* ConsultingPhysicianName */
	{ 0x0008009d, X, 0 },		/* ConsultingPhysicianIdentificationS */
	{ 0x00080106, D, DATES },	/* ContextGroupVersion */
	{ 0x00080107, D, 0 },		/* ContextGroupLocalVersion */
	{ 0x00080201, X, DATES },	/* TimezoneOffsetFromUTC */
	{ 0x00081000, X, 0 },		/* NetworkID */
	{ 0x00081010, XZD, DEVICE },	/* StationName */
	{ 0x00081030, X, 0 },		/* StudyDescription */
	{ 0x0008103e, X, 0 },		/* SeriesDescription */
	{ 0x00081040, X, PLACE },	/* InstitutionalDepartmentName */
	{ 0x00081041, X, PLACE },	/* InstitutionalDepartmentTypeCodeSeq */
	{ 0x00081048, X, 0 },		/* PhysiciansOfRecord */
	{ 0x00081049, X, 0 },		/* PhysiciansOfRecordIdentificationSe */
	{ 0x00081050, X, 0 },		/* PerformingPhysicianName */
	{ 0x00081052, X, 0 },		/* PerformingPhysicianIdentificationS */
	{ 0x00081060, X, 0 },		/* NameOfPhysiciansReadingStudy */
	{ 0x00081062, X, 0 },		/* PhysiciansReadingStudyIdentificati */
	{ 0x00081070, XZD, 0 },		/* OperatorsName */
	{ 0x00081072, XD, 0 },		/* OperatorIdentificationSequence */
	{ 0x00081080, X, 0 },		/* AdmittingDiagnosesDescription */
	{ 0x00081084, X, 0 },		/* AdmittingDiagnosesCodeSequence */
	{ 0x00081088, X, 0 },		/* PyramidDescription */
	{ 0x00081110, XZ, UIDS },	/* ReferencedStudySequence */
	{ 0x00081111, XZD, UIDS },	/* ReferencedPerformedProcedureStepSe */
	{ 0x00081120, X, 0 },		/* ReferencedPatientSequence */
	{ 0x00081140, XZU, 0 },		/* ReferencedImageSequence */
	{ 0x00081155, U, 0 },		/* ReferencedSOPInstanceUID */
	{ 0x00081195, U, UIDS },	/* TransactionUID */
	{ 0x00082111, X, 0 },		/* DerivationDescription */
	{ 0x00082112, XZU, 0 },		/* SourceImageSequence */
	{ 0x00083010, U, UIDS },	/* IrradiationEventUID */
	{ 0x00084000, X, 0 },		/* IdentifyingComments */
	{ 0x00100010, Z, 0 },		/* PatientName */
	{ 0x00100020, ZD, 0 },		/* PatientID */
	{ 0x00100021, X, 0 },		/* IssuerOfPatientID */
	{ 0x00100030, Z, 0 },		/* PatientBirthDate */
	{ 0x00100032, X, 0 },		/* PatientBirthTime */
	{ 0x00100040, Z, PATIENT },	/* PatientSex */
	{ 0x00100050, X, 0 },		/* PatientInsurancePlanCodeSequence */
	{ 0x00100101, X, 0 },		/* PatientPrimaryLanguageCodeSequence */
	{ 0x00100102, X, 0 },		/* PatientPrimaryLanguageModifierCode */
	{ 0x00101000, X, 0 },		/* OtherPatientIDs */
	{ 0x00101001, X, 0 },		/* OtherPatientNames */
	{ 0x00101002, X, 0 },		/* OtherPatientIDsSequence */
	{ 0x00101005, X, 0 },		/* PatientBirthName */
	{ 0x00101010, X, PATIENT },	/* PatientAge */
	{ 0x00101020, X, PATIENT },	/* PatientSize */
	{ 0x00101030, X, PATIENT },	/* PatientWeight */
	{ 0x00101040, X, 0 },		/* PatientAddress */
	{ 0x00101050, X, 0 },		/* InsurancePlanIdentification */
	{ 0x00101060, X, 0 },		/* PatientMotherBirthName */
	{ 0x00101080, X, 0 },		/* MilitaryRank */
	{ 0x00101081, X, 0 },		/* BranchOfService */
	{ 0x00101090, X, 0 },		/* MedicalRecordLocator */
	{ 0x00101100, X, 0 },		/* ReferencedPatientPhotoSequence */
	{ 0x00102000, X, 0 },		/* MedicalAlerts */
	{ 0x00102110, X, 0 },		/* Allergies */
	{ 0x00102150, X, 0 },		/* CountryOfResidence */
	{ 0x00102152, X, 0 },		/* RegionOfResidence */
	{ 0x00102154, X, 0 },		/* PatientTelephoneNumbers */
	{ 0x00102155, X, 0 },		/* PatientTelecomInformation */
	{ 0x00102160, X, PATIENT },	/* EthnicGroup */
	{ 0x00102180, X, 0 },		/* Occupation */
	{ 0x001021a0, X, PATIENT },	/* SmokingStatus */
	{ 0x001021b0, X, 0 },		/* AdditionalPatientHistory */
	{ 0x001021c0, X, PATIENT },	/* PregnancyStatus */
	{ 0x001021d0, X, DATES },	/* LastMenstrualDate */
	{ 0x001021f0, X, 0 },		/* PatientReligiousPreference */
	{ 0x00102203, XZ, PATIENT },	/* PatientSexNeutered */
	{ 0x00102297, X, 0 },		/* ResponsiblePerson */
	{ 0x00102299, X, 0 },		/* ResponsibleOrganization */
	{ 0x00104000, X, 0 },		/* PatientComments */
	{ 0x00120010, D, 0 },		/* ClinicalTrialSponsorName */
	{ 0x00120020, D, 0 },		/* ClinicalTrialProtocolID */
	{ 0x00120021, Z, 0 },		/* ClinicalTrialProtocolName */
	{ 0x00120022, X, 0 },		/* IssuerOfClinicalTrialProtocolID */
	{ 0x00120023, X, 0 },		/* OtherClinicalTrialProtocolIDsSeq. */
	{ 0x00120030, Z, PLACE },	/* ClinicalTrialSiteID */
	{ 0x00120031, Z, PLACE },	/* ClinicalTrialSiteName */
	{ 0x00120032, X, 0 },		/* IssuerOfClinicalTrialSiteID */
	{ 0x00120040, D, 0 },		/* ClinicalTrialSubjectID */
	{ 0x00120041, X, 0 },		/* IssuerOfClinicalTrialSubjectID */
	{ 0x00120042, D, 0 },		/* ClinicalTrialSubjectReadingID */
	{ 0x00120043, X, 0 },		/* IssuerOfClinicalTrialSubjectReadin */
	{ 0x00120050, Z, 0 },		/* ClinicalTrialTimePointID */
	{ 0x00120051, X, 0 },		/* ClinicalTrialTimePointDescription */
	{ 0x00120055, X, 0 },		/* IssuerOfClinicalTrialTimePointID */
	{ 0x00120060, Z, PLACE },	/* ClinicalTrialCoordinatingCenterNam */
	{ 0x00120071, X, 0 },		/* ClinicalTrialSeriesID */
	{ 0x00120072, X, 0 },		/* ClinicalTrialSeriesDescription */
	{ 0x00120073, X, 0 },		/* IssuerOfClinicalTrialSeriesID */
	{ 0x00120081, D, PLACE },	/* ClinicalTrialProtocolEthicsCommitt */
	{ 0x00120082, X, 0 },		/* ClinicalTrialProtocolEthicsCommitt */
	{ 0x00120086, X, DATES },	/* EthicsCommitteeApprovalEffectivene */
	{ 0x00120087, X, DATES },	/* EthicsCommitteeApprovalEffectivene */
	{ 0x0014407c, X, DATES },	/* CalibrationTime */
	{ 0x0014407e, X, DATES },	/* CalibrationDate */
	{ 0x0016002b, X, 0 },		/* MakerNote */
	{ 0x0016004b, X, 0 },		/* DeviceSettingDescription */
	{ 0x0016004d, X, 0 },		/* CameraOwnerName */
	{ 0x0016004e, X, DEVICE },	/* LensSpecification */
	{ 0x0016004f, X, DEVICE },	/* LensMake */
	{ 0x00160050, X, DEVICE },	/* LensModel */
	{ 0x00160051, X, DEVICE },	/* LensSerialNumber */
	{ 0x00160070, X, 0 },		/* GPSVersionID */
	{ 0x00160071, X, 0 },		/* GPSLatitudeRef */
	{ 0x00160072, X, 0 },		/* GPSLatitude */
	{ 0x00160073, X, 0 },		/* GPSLongitudeRef */
	{ 0x00160074, X, 0 },		/* GPSLongitude */
	{ 0x00160075, X, 0 },		/* GPSAltitudeRef */
	{ 0x00160076, X, 0 },		/* GPSAltitude */
	{ 0x00160077, X, 0 },		/* GPSTimeStamp */
	{ 0x00160078, X, 0 },		/* GPSSatellites */
	{ 0x00160079, X, 0 },		/* GPSStatus */
	{ 0x0016007a, X, 0 },		/* GPSMeasureMode */
	{ 0x0016007b, X, 0 },		/* GPSDOP */
	{ 0x0016007c, X, 0 },		/* GPSSpeedRef */
	{ 0x0016007d, X, 0 },		/* GPSSpeed */
	{ 0x0016007e, X, 0 },		/* GPSTrackRef */
	{ 0x0016007f, X, 0 },		/* GPSTrack */
	{ 0x00160080, X, 0 },		/* GPSImgDirectionRef */
	{ 0x00160081, X, 0 },		/* GPSImgDirection */
	{ 0x00160082, X, 0 },		/* GPSMapDatum */
	{ 0x00160083, X, 0 },		/* GPSDestLatitudeRef */
	{ 0x00160084, X, 0 },		/* GPSDestLatitude */
	{ 0x00160085, X, 0 },		/* GPSDestLongitudeRef */
	{ 0x00160086, X, 0 },		/* GPSDestLongitude */
	{ 0x00160087, X, 0 },		/* GPSDestBearingRef */
	{ 0x00160088, X, 0 },		/* GPSDestBearing */
	{ 0x00160089, X, 0 },		/* GPSDestDistanceRef */
	{ 0x0016008a, X, 0 },		/* GPSDestDistance */
	{ 0x0016008b, X, 0 },		/* GPSProcessingMethod */
	{ 0x0016008c, X, 0 },		/* GPSAreaInformation */
	{ 0x0016008d, X, DATES },	/* GPSDateStamp */
	{ 0x0016008e, X, 0 },		/* GPSDifferential */
	{ 0x00180010, ZD, 0 },		/* ContrastBolusAgent */
	{ 0x00180027, X, DATES },	/* InterventionDrugStopTime */
	{ 0x00180035, X, DATES },	/* InterventionDrugStartTime */
	{ 0x00181000, XZD, DEVICE },	/* DeviceSerialNumber */
	{ 0x00181002, U, UIDS | DEVICE }, /* DeviceUID */
	{ 0x00181004, X, DEVICE },	/* PlateID */
	{ 0x00181005, X, DEVICE },	/* GeneratorID */
	{ 0x00181007, X, DEVICE },	/* CassetteID */
	{ 0x00181008, X, DEVICE },	/* GantryID */
	{ 0x00181009, X, DEVICE },	/* UniqueDeviceIdentifier */
	{ 0x0018100a, X, DEVICE },	/* UDISequence */
	{ 0x0018100b, U, UIDS | DEVICE }, /* ManufacturerDeviceClassUID */
	{ 0x00181012, X, DATES },	/* DateOfSecondaryCapture */
	{ 0x00181014, X, DATES },	/* TimeOfSecondaryCapture */
	{ 0x00181030, XD, 0 },		/* ProtocolName */
	{ 0x00181042, X, DATES },	/* ContrastBolusStartTime */
	{ 0x00181043, X, DATES },	/* ContrastBolusStopTime */
	{ 0x00181072, X, DATES },	/* RadiopharmaceuticalStartTime */
	{ 0x00181073, X, DATES },	/* RadiopharmaceuticalStopTime */
	{ 0x00181078, X, DATES },	/* RadiopharmaceuticalStartDateTime */
	{ 0x00181079, X, DATES },	/* RadiopharmaceuticalStopDateTime */
	{ 0x001811bb, D, 0 },		/* AcquisitionFieldOfViewLabel */
	{ 0x00181200, X, DATES },	/* DateOfLastCalibration */
	{ 0x00181201, X, DATES },	/* TimeOfLastCalibration */
	{ 0x00181202, X, DATES },	/* DateTimeOfLastCalibration */
	{ 0x00181203, Z, DATES },	/* CalibrationDateTime */
	{ 0x00181204, X, DATES },	/* DateOfManufacture */
	{ 0x00181205, X, DATES },	/* DateOfInstallation */
	{ 0x00181400, XD, 0 },		/* AcquisitionDeviceProcessingDescrip */
	{ 0x00182042, U, UIDS },	/* TargetUID */
	{ 0x00184000, X, 0 },		/* AcquisitionComments */
	{ 0x00185011, X, DEVICE },	/* TransducerIdentificationSequence */
	{ 0x0018700a, XD, DEVICE },	/* DetectorID */
	{ 0x0018700c, XD, DATES },	/* DateOfLastDetectorCalibration */
	{ 0x0018700e, XD, DATES },	/* TimeOfLastDetectorCalibration */
	{ 0x00189074, D, DATES },	/* FrameAcquisitionDateTime */
	{ 0x00189151, D, DATES },	/* FrameReferenceDateTime */
	{ 0x00189185, X, 0 },		/* RespiratoryMotionCompensationTechn */
	{ 0x00189367, D, DEVICE },	/* XRaySourceID */
	{ 0x00189369, D, DATES },	/* SourceStartDateTime */
	{ 0x0018936a, D, DATES },	/* SourceEndDateTime */
	{ 0x00189371, D, DEVICE },	/* XRayDetectorID */
	{ 0x00189373, X, DEVICE },	/* XRayDetectorLabel */
	{ 0x0018937b, X, 0 },		/* MultienergyAcquisitionDescription */
	{ 0x0018937f, X, 0 },		/* DecompositionDescription */
	{ 0x00189424, X, 0 },		/* AcquisitionProtocolDescription */
	{ 0x00189516, XD, DATES },	/* StartAcquisitionDateTime */
	{ 0x00189517, XD, DATES },	/* EndAcquisitionDateTime */
	{ 0x00189623, D, DATES },	/* FunctionalSyncPulse */
	{ 0x00189701, D, DATES },	/* DecayCorrectionDateTime */
	{ 0x00189804, D, DATES },	/* ExclusionStartDateTime */
	{ 0x00189919, ZD, DATES },	/* InstructionPerformedDateTime */
	{ 0x00189937, X, 0 },		/* RequestedSeriesDescription */
	{ 0x0018a002, X, DATES },	/* ContributionDateTime */
	{ 0x0018a003, X, 0 },		/* ContributionDescription */
	{ 0x0020000d, U, UIDS },	/* StudyInstanceUID */
	{ 0x0020000e, U, UIDS },	/* SeriesInstanceUID */
	{ 0x00200010, Z, 0 },		/* StudyID */
	{ 0x00200027, X, 0 },		/* PyramidLabel */
	{ 0x00200052, U, UIDS },	/* FrameOfReferenceUID */
	{ 0x00200200, U, UIDS },	/* SynchronizationFrameOfReferenceUID */
	{ 0x00203401, X, 0 },		/* ModifyingDeviceID */
	{ 0x00203403, X, DATES },	/* ModifiedImageDate */
	{ 0x00203405, X, DATES },	/* ModifiedImageTime */
	{ 0x00203406, X, 0 },		/* ModifiedImageDescription */
	{ 0x00204000, X, 0 },		/* ImageComments */
	{ 0x00209158, X, 0 },		/* FrameComments */
	{ 0x00209161, U, UIDS },	/* ConcatenationUID */
	{ 0x00209164, U, UIDS },	/* DimensionOrganizationUID */
	{ 0x00281199, U, UIDS },	/* PaletteColorLookupTableUID */
	{ 0x00281214, U, UIDS },	/* LargePaletteColorLookupTableUID */
	{ 0x00284000, X, 0 },		/* ImagePresentationComments */
	{ 0x00320012, X, 0 },		/* StudyIDIssuer */
	{ 0x00320032, X, DATES },	/* StudyVerifiedDate */
	{ 0x00320033, X, DATES },	/* StudyVerifiedTime */
	{ 0x00320034, X, DATES },	/* StudyReadDate */
	{ 0x00320035, X, DATES },	/* StudyReadTime */
	{ 0x00321000, X, DATES },	/* ScheduledStudyStartDate */
	{ 0x00321001, X, DATES },	/* ScheduledStudyStartTime */
	{ 0x00321010, X, DATES },	/* ScheduledStudyStopDate */
	{ 0x00321011, X, DATES },	/* ScheduledStudyStopTime */
	{ 0x00321020, X, DEVICE },	/* ScheduledStudyLocation */
	{ 0x00321021, X, DEVICE },	/* ScheduledStudyLocationAETitle */
	{ 0x00321030, X, 0 },		/* ReasonForStudy */
	{ 0x00321032, X, 0 },		/* RequestingPhysician */
	{ 0x00321033, X, 0 },		/* RequestingService */
	{ 0x00321040, X, DATES },	/* StudyArrivalDate */
	{ 0x00321041, X, DATES },	/* StudyArrivalTime */
	{ 0x00321050, X, DATES },	/* StudyCompletionDate */
	{ 0x00321051, X, DATES },	/* StudyCompletionTime */
	{ 0x00321060, XZ, 0 },		/* RequestedProcedureDescription */
	{ 0x00321066, X, 0 },		/* ReasonForVisit */
	{ 0x00321067, X, 0 },		/* ReasonForVisitCodeSequence */
	{ 0x00321070, X, 0 },		/* RequestedContrastAgent */
	{ 0x00324000, X, 0 },		/* StudyComments */
	{ 0x00340001, D, 0 },		/* FlowIdentifierSequence */
	{ 0x00340002, D, 0 },		/* FlowIdentifier */
	{ 0x00340005, D, 0 },		/* SourceIdentifier */
	{ 0x00340007, D, 0 },		/* FrameOriginTimestamp */
	{ 0x00380004, X, 0 },		/* ReferencedPatientAliasSequence */
	{ 0x00380010, X, 0 },		/* AdmissionID */
	{ 0x00380011, X, 0 },		/* IssuerOfAdmissionID */
	{ 0x00380014, X, 0 },		/* IssuerOfAdmissionIDSequence */
	{ 0x0038001a, X, DATES },	/* ScheduledAdmissionDate */
	{ 0x0038001b, X, DATES },	/* ScheduledAdmissionTime */
	{ 0x0038001c, X, DATES },	/* ScheduledDischargeDate */
	{ 0x0038001d, X, DATES },	/* ScheduledDischargeTime */
	{ 0x0038001e, X, 0 },		/* ScheduledPatientInstitutionResiden */
	{ 0x00380020, X, DATES },	/* AdmittingDate */
	{ 0x00380021, X, DATES },	/* AdmittingTime */
	{ 0x00380030, X, DATES },	/* DischargeDate */
	{ 0x00380032, X, DATES },	/* DischargeTime */
	{ 0x00380040, X, 0 },		/* DischargeDiagnosisDescription */
	{ 0x00380050, X, 0 },		/* SpecialNeeds */
	{ 0x00380060, X, 0 },		/* ServiceEpisodeID */
	{ 0x00380061, X, 0 },		/* IssuerOfServiceEpisodeID */
	{ 0x00380062, X, 0 },		/* ServiceEpisodeDescription */
	{ 0x00380064, X, 0 },		/* IssuerOfServiceEpisodeIDSequence */
	{ 0x00380300, X, 0 },		/* CurrentPatientLocation */
	{ 0x00380400, X, 0 },		/* PatientInstitutionResidence */
	{ 0x00380500, X, 0 },		/* PatientState */
	{ 0x00384000, X, 0 },		/* VisitComments */
	{ 0x003a0310, U, UIDS },	/* MultiplexGroupUID */
	{ 0x003a0314, D, DATES },	/* ImpedanceMeasurementDateTime */
	{ 0x003a0329, X, 0 },		/* WaveformFilterDescription */
	{ 0x003a032b, X, 0 },		/* FilterLookupTableDescription */
	{ 0x00400001, X, DEVICE },	/* ScheduledStationAETitle */
	{ 0x00400002, X, DATES },	/* ScheduledProcedureStepStartDate */
	{ 0x00400003, X, DATES },	/* ScheduledProcedureStepStartTime */
	{ 0x00400004, X, DATES },	/* ScheduledProcedureStepEndDate */
	{ 0x00400005, X, DATES },	/* ScheduledProcedureStepEndTime */
	{ 0x00400006, X, 0 },		/* ScheduledPerformingPhysicianName */
	{ 0x00400007, X, 0 },		/* ScheduledProcedureStepDescription */
	{ 0x00400009, X, 0 },		/* ScheduledProcedureStepID */
	{ 0x0040000b, X, 0 },		/* ScheduledPerformingPhysicianIdenti */
	{ 0x00400010, X, DEVICE },	/* ScheduledStationName */
	{ 0x00400011, X, DEVICE },	/* ScheduledProcedureStepLocation */
	{ 0x00400012, X, 0 },		/* PreMedication */
	{ 0x00400241, X, DEVICE },	/* PerformedStationAETitle */
	{ 0x00400242, X, DEVICE },	/* PerformedStationName */
	{ 0x00400243, X, 0 },		/* PerformedLocation */
	{ 0x00400244, X, DATES },	/* PerformedProcedureStepStartDate */
	{ 0x00400245, X, DATES },	/* PerformedProcedureStepStartTime */
	{ 0x00400250, X, DATES },	/* PerformedProcedureStepEndDate */
	{ 0x00400251, X, DATES },	/* PerformedProcedureStepEndTime */
	{ 0x00400253, X, 0 },		/* PerformedProcedureStepID */
	{ 0x00400254, X, 0 },		/* PerformedProcedureStepDescription */
	{ 0x00400275, X, 0 },		/* RequestAttributesSequence */
	{ 0x00400280, X, 0 },		/* CommentsOnThePerformedProcedureSte */
	{ 0x00400310, X, 0 },		/* CommentsOnRadiationDose */
	{ 0x0040050a, X, 0 },		/* SpecimenAccessionNumber */
	{ 0x00400512, D, 0 },		/* ContainerIdentifier */
	{ 0x00400513, Z, 0 },		/* IssuerOfTheContainerIdentifierSequ */
	{ 0x0040051a, X, 0 },		/* ContainerDescription */
	{ 0x00400551, D, 0 },		/* SpecimenIdentifier */
	{ 0x00400554, U, UIDS },	/* SpecimenUID */
	{ 0x00400555, Z, 0 },		/* AcquisitionContextSequence */
	{ 0x00400562, Z, 0 },		/* IssuerOfTheSpecimenIdentifierSeque */
	{ 0x00400600, X, 0 },		/* SpecimenShortDescription */
	{ 0x00400602, X, 0 },		/* SpecimenDetailedDescription */
	{ 0x00400610, Z, 0 },		/* SpecimenPreparationSequence */
	{ 0x004006fa, X, 0 },		/* SlideIdentifier */
	{ 0x00401001, X, 0 },		/* RequestedProcedureID */
	{ 0x00401002, X, 0 },		/* ReasonForTheRequestedProcedure */
	{ 0x00401004, X, 0 },		/* PatientTransportArrangements */
	{ 0x00401005, X, 0 },		/* RequestedProcedureLocation */
	{ 0x0040100a, X, 0 },		/* ReasonForRequestedProcedureCodeSeq */
	{ 0x00401010, X, 0 },		/* NamesOfIntendedRecipientsOfResults */
	{ 0x00401011, X, 0 },		/* IntendedRecipientsOfResultsIdentif */
	{ 0x00401101, X, 0 },		/* PersonIdentificationCodeSequence */
	{ 0x00401102, X, 0 },		/* PersonAddress */
	{ 0x00401103, X, 0 },		/* PersonTelephoneNumbers */
	{ 0x00401104, X, 0 },		/* PersonTelecomInformation */
	{ 0x00401400, X, 0 },		/* RequestedProcedureComments */
	{ 0x00402001, X, 0 },		/* ReasonForTheImagingServiceRequest */
	{ 0x00402004, X, DATES },	/* IssueDateOfImagingServiceRequest */
	{ 0x00402005, X, DATES },	/* IssueTimeOfImagingServiceRequest */
	{ 0x00402008, X, 0 },		/* OrderEnteredBy */
	{ 0x00402009, X, 0 },		/* OrderEntererLocation */
	{ 0x00402010, X, 0 },		/* OrderCallbackPhoneNumber */
	{ 0x00402011, X, 0 },		/* OrderCallbackTelecomInformation */
	{ 0x00402016, Z, 0 },		/* PlacerOrderNumberImagingServiceReq */
	{ 0x00402017, Z, 0 },		/* FillerOrderNumberImagingServiceReq */
	{ 0x00402400, X, 0 },		/* ImagingServiceRequestComments */
	{ 0x00403001, X, 0 },		/* ConfidentialityConstraintOnPatient */
	{ 0x00404005, X, DATES },	/* ScheduledProcedureStepStartDateTim */
	{ 0x00404008, X, DATES },	/* ScheduledProcedureStepExpirationDa */
	{ 0x00404010, X, DATES },	/* ScheduledProcedureStepModification */
	{ 0x00404011, X, DATES },	/* ExpectedCompletionDateTime */
	{ 0x00404023, U, UIDS },	/* ReferencedGeneralPurposeScheduledP */
	{ 0x00404025, X, DEVICE },	/* ScheduledStationNameCodeSequence */
	{ 0x00404027, X, DEVICE },	/* ScheduledStationGeographicLocation */
	{ 0x00404028, X, DEVICE },	/* PerformedStationNameCodeSequence */
	{ 0x00404030, X, DEVICE },	/* PerformedStationGeographicLocation */
	{ 0x00404034, X, 0 },		/* ScheduledHumanPerformersSequence */
	{ 0x00404035, X, 0 },		/* ActualHumanPerformersSequence */
	{ 0x00404036, X, 0 },		/* HumanPerformerOrganization */
	{ 0x00404037, X, 0 },		/* HumanPerformerName */
	{ 0x00404050, X, DATES },	/* PerformedProcedureStepStartDateTim */
	{ 0x00404051, X, DATES },	/* PerformedProcedureStepEndDateTime */
	{ 0x00404052, X, DATES },	/* ProcedureStepCancellationDateTime */
	{ 0x0040a023, X, DATES },	/* FindingsGroupRecordingDateTrial */
	{ 0x0040a024, X, DATES },	/* FindingsGroupRecordingTimeTrial */
	{ 0x0040a027, D, 0 },		/* VerifyingOrganization */
	{ 0x0040a030, D, DATES },	/* VerificationDateTime */
	{ 0x0040a032, XD, DATES },	/* ObservationDateTime */
	{ 0x0040a033, X, DATES },	/* ObservationStartDateTime */
	{ 0x0040a073, D, 0 },		/* VerifyingObserverSequence */
	{ 0x0040a075, D, 0 },		/* VerifyingObserverName */
	{ 0x0040a078, X, 0 },		/* AuthorObserverSequence */
	{ 0x0040a07a, X, 0 },		/* ParticipantSequence */
	{ 0x0040a07c, X, 0 },		/* CustodialOrganizationSequence */
	{ 0x0040a082, Z, DATES },	/* ParticipationDateTime */
	{ 0x0040a088, Z, 0 },		/* VerifyingObserverIdentificationCod */
	{ 0x0040a110, X, DATES },	/* DateOfDocumentOrVerbalTransactionT */
	{ 0x0040a112, X, DATES },	/* TimeOfDocumentCreationOrVerbalTran */
	{ 0x0040a120, D, DATES },	/* DateTime */
	{ 0x0040a121, D, DATES },	/* Date */
	{ 0x0040a122, D, DATES },	/* Time */
	{ 0x0040a123, D, 0 },		/* PersonName */
	{ 0x0040a124, U, 0 },		/* UID */
	{ 0x0040a13a, D, DATES },	/* ReferencedDateTime */
	{ 0x0040a171, U, UIDS },	/* ObservationUID */
	{ 0x0040a172, U, UIDS },	/* ReferencedObservationUIDTrial */
	{ 0x0040a192, X, DATES },	/* ObservationDateTrial */
	{ 0x0040a193, X, DATES },	/* ObservationTimeTrial */
	{ 0x0040a307, X, 0 },		/* CurrentObserverTrial */
	{ 0x0040a352, X, 0 },		/* VerbalSourceTrial */
	{ 0x0040a353, X, 0 },		/* AddressTrial */
	{ 0x0040a354, X, 0 },		/* TelephoneNumberTrial */
	{ 0x0040a358, X, 0 },		/* VerbalSourceIdentifierCodeSequence */
	{ 0x0040a402, U, UIDS },	/* ObservationSubjectUIDTrial */
	{ 0x0040a730, D, 0 },		/* ContentSequence */
	{ 0x0040db06, X, DATES },	/* TemplateVersion */
	{ 0x0040db07, X, 0 },		/* TemplateLocalVersion */
	{ 0x0040db0c, U, UIDS },	/* TemplateExtensionOrganizationUID */
	{ 0x0040db0d, U, UIDS },	/* TemplateExtensionCreatorUID */
	{ 0x0040e004, X, DATES },	/* HL7DocumentEffectiveTime */
	{ 0x00440004, X, DATES },	/* ApprovalStatusDateTime */
	{ 0x0044000b, X, DATES },	/* ProductExpirationDateTime */
	{ 0x00440010, X, DATES },	/* SubstanceAdministrationDateTime */
	{ 0x00440104, D, DATES },	/* AssertionDateTime */
	{ 0x00440105, X, DATES },	/* AssertionExpirationDateTime */
	{ 0x0050001b, X, 0 },		/* ContainerComponentID */
	{ 0x00500020, X, DEVICE },	/* DeviceDescription */
	{ 0x00500021, X, DEVICE },	/* LongDeviceDescription */
	{ 0x00620021, X, 0 },		/* TrackingUID */
	{ 0x00640003, U, UIDS },	/* SourceFrameOfReferenceUID */
	{ 0x00686226, D, DATES },	/* EffectiveDateTime */
	{ 0x00686270, D, DATES },	/* InformationIssueDateTime */
	{ 0x006a0003, D, 0 },		/* AnnotationGroupUID */
	{ 0x006a0005, D, 0 },		/* AnnotationGroupLabel */
	{ 0x006a0006, X, 0 },		/* AnnotationGroupDescription */
	{ 0x00700082, X, DATES },	/* PresentationCreationDate */
	{ 0x00700083, X, DATES },	/* PresentationCreationTime */
	{ 0x00700084, ZD, 0 },		/* ContentCreatorName */
	{ 0x00700086, X, 0 },		/* ContentCreatorIdentificationCodeSe */
	{ 0x0070031a, U, UIDS },	/* FiducialUID */
	{ 0x00701101, U, UIDS },	/* PresentationDisplayCollectionUID */
	{ 0x00701102, U, UIDS },	/* PresentationSequenceCollectionUID */
	{ 0x0072000a, D, DATES },	/* HangingProtocolCreationDateTime */
	{ 0x0072005e, D, 0 },		/* SelectorAEValue */
	{ 0x0072005f, D, 0 },		/* SelectorASValue */
	{ 0x00720061, D, 0 },		/* SelectorDAValue */
	{ 0x00720063, D, 0 },		/* SelectorDTValue */
	{ 0x00720065, D, 0 },		/* SelectorOBValue */
	{ 0x00720066, D, 0 },		/* SelectorLOValue */
	{ 0x00720068, D, 0 },		/* SelectorLTValue */
	{ 0x0072006a, D, 0 },		/* SelectorPNValue */
	{ 0x0072006b, D, 0 },		/* SelectorTMValue */
	{ 0x0072006c, D, 0 },		/* SelectorSHValue */
	{ 0x0072006d, D, 0 },		/* SelectorUNValue */
	{ 0x0072006e, D, 0 },		/* SelectorSTValue */
	{ 0x00720070, D, 0 },		/* SelectorUTValue */
	{ 0x00720071, D, 0 },		/* SelectorURValue */
	{ 0x00741234, X, 0 },		/* ReceivingAE */
	{ 0x00741236, X, 0 },		/* RequestingAE */
	{ 0x00880140, U, UIDS },	/* StorageMediaFileSetUID */
	{ 0x00880904, X, 0 },		/* TopicTitle */
	{ 0x00880906, X, 0 },		/* TopicSubject */
	{ 0x00880910, X, 0 },		/* TopicAuthor */
	{ 0x00880912, X, 0 },		/* TopicKeywords */
	{ 0x01000420, X, DATES },	/* SOPAuthorizationDateTime */
	{ 0x20300020, X, 0 },		/* TextString */
	{ 0x21000040, X, DATES },	/* CreationDate */
	{ 0x21000050, X, DATES },	/* CreationTime */
	{ 0x21000070, X, 0 },		/* Originator */
	{ 0x21000140, D, 0 },		/* DestinationAE */
	{ 0x30020121, X, 0 },		/* PositionAcquisitionTemplateName */
	{ 0x30020123, X, 0 },		/* PositionAcquisitionTemplateDescrip */
	{ 0x30060002, D, 0 },		/* StructureSetLabel */
	{ 0x30060004, X, 0 },		/* StructureSetName */
	{ 0x30060006, X, 0 },		/* StructureSetDescription */
	{ 0x30060008, Z, DATES },	/* StructureSetDate */
	{ 0x30060009, Z, DATES },	/* StructureSetTime */
	{ 0x30060024, U, UIDS },	/* ReferencedFrameOfReferenceUID */
	{ 0x30060026, Z, 0 },		/* ROIName */
	{ 0x30060028, X, 0 },		/* ROIDescription */
	{ 0x3006002d, X, DATES },	/* ROIDateTime */
	{ 0x3006002e, X, DATES },	/* ROIObservationDateTime */
	{ 0x30060038, X, 0 },		/* ROIGenerationDescription */
	{ 0x3006004d, X, 0 },		/* ROICreatorSequence */
	{ 0x3006004e, X, 0 },		/* ROIInterpreterSequence */
	{ 0x30060085, X, 0 },		/* ROIObservationLabel */
	{ 0x30060088, X, 0 },		/* ROIObservationDescription */
	{ 0x300600a6, Z, 0 },		/* ROIInterpreter */
	{ 0x300600c2, U, UIDS },	/* RelatedFrameOfReferenceUID */
	{ 0x30080024, D, DATES },	/* TreatmentControlPointDate */
	{ 0x30080025, D, DATES },	/* TreatmentControlPointTime */
	{ 0x30080054, XD, DATES },	/* FirstTreatmentDate */
	{ 0x30080056, XD, DATES },	/* MostRecentTreatmentDate */
	{ 0x30080105, XZ, DEVICE },	/* SourceSerialNumber */
	{ 0x30080162, D, DATES },	/* SafePositionExitDate */
	{ 0x30080164, D, DATES },	/* SafePositionExitTime */
	{ 0x30080166, D, DATES },	/* SafePositionReturnDate */
	{ 0x30080168, D, DATES },	/* SafePositionReturnTime */
	{ 0x30080250, XD, DATES },	/* TreatmentDate */
	{ 0x30080251, XD, DATES },	/* TreatmentTime */
	{ 0x300a0002, D, 0 },		/* RTPlanLabel */
	{ 0x300a0003, X, 0 },		/* RTPlanName */
	{ 0x300a0004, X, 0 },		/* RTPlanDescription */
	{ 0x300a0006, XD, DATES },	/* RTPlanDate */
	{ 0x300a0007, XD, DATES },	/* RTPlanTime */
	{ 0x300a000b, X, 0 },		/* TreatmentSites */
	{ 0x300a000e, X, 0 },		/* PrescriptionDescription */
	{ 0x300a0013, U, UIDS },	/* DoseReferenceUID */
	{ 0x300a0016, X, 0 },		/* DoseReferenceDescription */
	{ 0x300a0072, X, 0 },		/* FractionGroupDescription */
	{ 0x300a0083, U, UIDS },	/* ReferencedDoseReferenceUID */
	{ 0x300a00b2, XZ, DEVICE },	/* TreatmentMachineName */
	{ 0x300a00c3, X, 0 },		/* BeamDescription */
	{ 0x300a00dd, X, 0 },		/* BolusDescription */
	{ 0x300a0196, X, 0 },		/* FixationDeviceDescription */
	{ 0x300a01a6, X, 0 },		/* ShieldingDeviceDescription */
	{ 0x300a01b2, X, 0 },		/* SetupTechniqueDescription */
	{ 0x300a0216, X, DEVICE },	/* SourceManufacturer */
	{ 0x300a022c, D, DATES },	/* SourceStrengthReferenceDate */
	{ 0x300a022e, D, DATES },	/* SourceStrengthReferenceTime */
	{ 0x300a02eb, X, 0 },		/* CompensatorDescription */
	{ 0x300a0608, D, 0 },		/* TreatmentPositionGroupLabel */
	{ 0x300a0609, U, UIDS },	/* TreatmentPositionGroupUID */
	{ 0x300a0611, Z, 0 },		/* RTAccessoryHolderSlotID */
	{ 0x300a0615, Z, 0 },		/* RTAccessoryDeviceSlotID */
	{ 0x300a0619, D, 0 },		/* RadiationDoseIdentificationLabel */
	{ 0x300a0623, D, 0 },		/* RadiationDoseInVivoMeasurementLabe */
	{ 0x300a062a, D, 0 },		/* RTToleranceSetLabel */
	{ 0x300a0650, U, UIDS },	/* PatientSetupUID */
	{ 0x300a0676, X, 0 },		/* EquipmentFrameOfReferenceDescripti */
	{ 0x300a067c, D, 0 },		/* RadiationGenerationModeLabel */
	{ 0x300a067d, Z, 0 },		/* RadiationGenerationModeDescription */
	{ 0x300a0700, U, UIDS },	/* TreatmentSessionUID */
	{ 0x300a0734, D, 0 },		/* TreatmentToleranceViolationDescrip */
	{ 0x300a0736, D, DATES },	/* TreatmentToleranceViolationDateTim */
	{ 0x300a073a, D, DATES },	/* RecordedRTControlPointDateTime */
	{ 0x300a0741, D, DATES },	/* InterlockDateTime */
	{ 0x300a0742, D, 0 },		/* InterlockDescription */
	{ 0x300a0760, D, DATES },	/* OverrideDateTime */
	{ 0x300a0783, D, 0 },		/* InterlockOriginDescription */
	{ 0x300a0785, U, UIDS },	/* ReferencedTreatmentPositionGroupUI */
	{ 0x300a078e, X, 0 },		/* PatientTreatmentPreparationProcedu */
	{ 0x300a0792, X, 0 },		/* PatientTreatmentPreparationMethodD */
	{ 0x300a0794, X, 0 },		/* PatientSetupPhotoDescription */
	{ 0x300a079a, X, 0 },		/* DisplacementReferenceLabel */
	{ 0x300c0113, X, 0 },		/* ReasonForOmissionDescription */
	{ 0x300c0127, D, DATES },	/* BeamHoldTransitionDateTime */
	{ 0x300e0004, Z, DATES },	/* ReviewDate */
	{ 0x300e0005, Z, DATES },	/* ReviewTime */
	{ 0x300e0008, XZ, 0 },		/* ReviewerName */
	{ 0x30100006, U, UIDS },	/* ConceptualVolumeUID */
	{ 0x3010000b, U, UIDS },	/* ReferencedConceptualVolumeUID */
	{ 0x3010000f, Z, 0 },		/* ConceptualVolumeCombinationDescrip */
	{ 0x30100013, U, UIDS },	/* ConstituentConceptualVolumeUID */
	{ 0x30100015, U, UIDS },	/* SourceConceptualVolumeUID */
	{ 0x30100017, Z, 0 },		/* ConceptualVolumeDescription */
	{ 0x3010001b, Z, 0 },		/* DeviceAlternateIdentifier */
	{ 0x3010002d, D, DEVICE },	/* DeviceLabel */
	{ 0x30100031, U, UIDS },	/* ReferencedFiducialsUID */
	{ 0x30100033, D, 0 },		/* UserContentLabel */
	{ 0x30100034, D, 0 },		/* UserContentLongLabel */
	{ 0x30100035, D, 0 },		/* EntityLabel */
	{ 0x30100036, X, 0 },		/* EntityName */
	{ 0x30100037, X, 0 },		/* EntityDescription */
	{ 0x30100038, D, 0 },		/* EntityLongLabel */
	{ 0x3010003b, U, UIDS },	/* RTTreatmentPhaseUID */
	{ 0x30100043, Z, DEVICE },	/* ManufacturerDeviceIdentifier */
	{ 0x3010004c, XD, DATES },	/* IntendedPhaseStartDate */
	{ 0x3010004d, XD, DATES },	/* IntendedPhaseEndDate */
	{ 0x30100054, D, 0 },		/* RTPrescriptionLabel */
	{ 0x30100056, XD, 0 },		/* RTTreatmentApproachLabel */
	{ 0x3010005a, Z, 0 },		/* RTPhysicianIntentNarrative */
	{ 0x3010005c, Z, 0 },		/* ReasonForSuperseding */
	{ 0x30100061, X, 0 },		/* PriorTreatmentDoseDescription */
	{ 0x3010006e, U, UIDS },	/* DosimetricObjectiveUID */
	{ 0x3010006f, U, UIDS },	/* ReferencedDosimetricObjectiveUID */
	{ 0x30100077, XD, 0 },		/* TreatmentSite */
	{ 0x3010007a, Z, 0 },		/* TreatmentTechniqueNotes */
	{ 0x3010007b, Z, 0 },		/* PrescriptionNotes */
	{ 0x3010007f, Z, 0 },		/* FractionationNotes */
	{ 0x30100081, Z, 0 },		/* PrescriptionNotesSequence */
	{ 0x30100085, X, DATES },	/* IntendedFractionStartTime */
	{ 0x40000010, X, 0 },		/* Arbitrary */
	{ 0x40004000, X, 0 },		/* TextComments */
	{ 0x40080040, X, 0 },		/* ResultsID */
	{ 0x40080042, X, 0 },		/* ResultsIDIssuer */
	{ 0x40080100, X, DATES },	/* InterpretationRecordedDate */
	{ 0x40080101, X, DATES },	/* InterpretationRecordedTime */
	{ 0x40080102, X, 0 },		/* InterpretationRecorder */
	{ 0x40080108, X, DATES },	/* InterpretationTranscriptionDate */
	{ 0x40080109, X, DATES },	/* InterpretationTranscriptionTime */
	{ 0x4008010a, X, 0 },		/* InterpretationTranscriber */
	{ 0x4008010b, X, 0 },		/* InterpretationText */
	{ 0x4008010c, X, 0 },		/* InterpretationAuthor */
	{ 0x40080111, X, 0 },		/* InterpretationApproverSequence */
	{ 0x40080112, X, DATES },	/* InterpretationApprovalDate */
	{ 0x40080113, X, DATES },	/* InterpretationApprovalTime */
	{ 0x40080114, X, 0 },		/* PhysicianApprovingInterpretation */
	{ 0x40080115, X, 0 },		/* InterpretationDiagnosisDescription */
	{ 0x40080118, X, 0 },		/* ResultsDistributionListSequence */
	{ 0x40080119, X, 0 },		/* DistributionName */
	{ 0x4008011a, X, 0 },		/* DistributionAddress */
	{ 0x40080200, X, 0 },		/* InterpretationID */
	{ 0x40080202, X, 0 },		/* InterpretationIDIssuer */
	{ 0x40080300, X, 0 },		/* Impressions */
	{ 0x40084000, X, 0 },		/* ResultsComments */
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/*
 * Those with C in the column "Clean Desc. Opt." that are texts and that an
 * object may lack or have empty, and ProtocolName; in the order of rows.  The
 * codes and sequences of that column go as without the option, and so does
 * what tells of a person's life (patient history, occupation, alerts, visits,
 * interpretations, comments of people on people): there a table of technical
 * words would leave pieces of sentences.  DerivationDescription is what the
 * copy says of itself.
 */
static const uint32_t descriptors[] = {
	0x00081030,                     /* StudyDescription */
	0x0008103e,                     /* SeriesDescription */
	0x00180010,                     /* ContrastBolusAgent */
	0x00181030,                     /* ProtocolName */
	0x00181400,                     /* AcquisitionDeviceProcessingDescr. */
	0x00189185,                     /* RespiratoryMotionCompensation... */
	0x0018937b,                     /* MultienergyAcquisitionDescription */
	0x0018937f,                     /* DecompositionDescription */
	0x00189424,                     /* AcquisitionProtocolDescription */
	0x00189937,                     /* RequestedSeriesDescription */
	0x00321060,                     /* RequestedProcedureDescription */
	0x00321070,                     /* RequestedContrastAgent */
	0x00400007,                     /* ScheduledProcedureStepDescription */
	0x00400254,                     /* PerformedProcedureStepDescription */
};

/* What D and the choice of a code come to, by VR; else a text. */
static const struct {
	char vr[3];
	enum tag_action dummy;
} dummies[] = {
	{ "DA", TAG_DUMMY_DATE }, { "TM", TAG_DUMMY_TIME },
	{ "DT", TAG_DUMMY_DATETIME }, { "UI", TAG_UID_UNLESS_STANDARD },
	{ "SQ", TAG_KEEP }, { "AS", TAG_DUMMY_AGE },
	{ "DS", TAG_ZERO }, { "IS", TAG_ZERO }, { "US", TAG_ZERO },
	{ "SS", TAG_ZERO }, { "UL", TAG_ZERO }, { "SL", TAG_ZERO },
	{ "UV", TAG_ZERO }, { "SV", TAG_ZERO }, { "FL", TAG_ZERO },
	{ "FD", TAG_ZERO }, { "OB", TAG_EMPTY }, { "OW", TAG_EMPTY },
	{ "OF", TAG_EMPTY }, { "OD", TAG_EMPTY }, { "OL", TAG_EMPTY },
	{ "OV", TAG_EMPTY }, { "UN", TAG_EMPTY }, { "AT", TAG_EMPTY },
};

/* What an option that keeps a value lets through of it, by VR; else all. */
static const struct {
	char vr[3];
	enum tag_action kept;
} keeps[] = {
	{ "DA", TAG_NUMBER }, { "TM", TAG_NUMBER }, { "DT", TAG_NUMBER },
	{ "DS", TAG_NUMBER }, { "IS", TAG_NUMBER }, { "CS", TAG_CODE },
	{ "AS", TAG_AGE }, { "UI", TAG_UID_KEPT },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool is_vr(const char *vr, const char *name)
{
	return !strncmp(vr, name, 2);
}

static enum tag_action dummy_of(const char *vr)
{
	for (size_t i = 0; i < COUNT(dummies); i++)
		if (is_vr(vr, dummies[i].vr))
			return dummies[i].dummy;
	return TAG_DUMMY;
}

static enum tag_action kept_of(const char *vr)
{
	for (size_t i = 0; i < COUNT(keeps); i++)
		if (is_vr(vr, keeps[i].vr))
			return keeps[i].kept;
	return TAG_KEEP;
}

static const struct row *find_row(uint32_t tag)
{
	size_t low = 0, high = ROWS;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows[middle].tag == tag)
			return &rows[middle];
		if (rows[middle].tag < tag)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static enum tag_action by_code(const struct row *row, const char *vr)
{
	bool sequence = is_vr(vr, "SQ");

	/* no study or series has a UID of the standard, whatever it says */
	if (row->tag == 0x0020000d || row->tag == 0x0020000e)
		return TAG_UID;
	switch (row->code) {
	case X:
		return TAG_DROP;
	case Z:
		return TAG_EMPTY;
	case XZ:
		return sequence ? TAG_DROP : TAG_EMPTY;
	case U:
	case D:
	case ZD:
		return dummy_of(vr);
	case XZU:
		return TAG_KEEP;
	case XD:
	case XZD:
	case CODES:
		break;
	}
	return sequence ? TAG_DROP : dummy_of(vr);
}

/* Dates shifted; what can't be (a time zone, a time) stays. */
static enum tag_action shifted(const char *vr)
{
	if (is_vr(vr, "DA") || is_vr(vr, "DT"))
		return TAG_DATE;
	return is_vr(vr, "OB") ? TAG_EMPTY : kept_of(vr);
}

/* The first option of those given that keeps the row. */
static bool by_option(unsigned options, const char *vr,
		      enum tag_action *action, char why[TAGS_WHY])
{
	for (unsigned bit = TAGS_UIDS; bit <= TAGS_MODIFIED_DATES; bit <<= 1) {
		if (!(options & bit))
			continue;
		*action = bit == TAGS_MODIFIED_DATES ? shifted(vr) :
						       kept_of(vr);
		snprintf(why, TAGS_WHY, "ps315+%s", tags_option_name(bit));
		return true;
	}
	return false;
}

/*
 * What the table does not name: of these VRs it names each attribute that was
 * there when it was made, so one that is newer is treated as they are.
 */
static const struct {
	char vr[3];
	enum code code;
	unsigned options;
} by_vr[] = {
	{ "DA", D, DATES }, { "TM", D, DATES }, { "DT", D, DATES },
};

static const struct row *row_of_vr(uint32_t tag, const char *vr,
				   struct row *row)
{
	for (size_t i = 0; i < COUNT(by_vr); i++) {
		if (!is_vr(vr, by_vr[i].vr))
			continue;
		*row = (struct row){ tag, by_vr[i].code, by_vr[i].options };
		return row;
	}
	return NULL;
}

/* What stays of a descriptor where something has to stand. */
static bool by_cleaning(const struct row *row, const char *vr,
			enum tag_action *action)
{
	static const char *const texts[] = { "LO", "SH", "LT", "ST", "UT" };
	bool is = false, text = false;

	for (size_t i = 0; i < COUNT(descriptors); i++)
		is = is || descriptors[i] == row->tag;
	for (size_t i = 0; i < COUNT(texts); i++)
		text = text || is_vr(vr, texts[i]);
	if (is && text)
		*action = by_code(row, vr) == TAG_DUMMY ? TAG_CLEAN_DUMMY :
							   TAG_CLEAN;
	return is && text;
}

bool tags_ps315(unsigned options, uint32_t tag, const char *vr,
		enum tag_action *action, char why[TAGS_WHY])
{
	const struct row *row = find_row(tag);
	struct row made;

	if (tag == 0x00100020) {        /* Z/D: the pseudonym, by policy */
		*action = TAG_PATIENT_ID;
		snprintf(why, TAGS_WHY, "ps315 Z/D");
		return true;
	}
	if (!row)
		row = row_of_vr(tag, vr, &made);
	if (!row)
		return false;
	if (by_option(options & row->options, vr, action, why))
		return true;
	if (options & TAGS_DESCRIPTORS && by_cleaning(row, vr, action)) {
		snprintf(why, TAGS_WHY, "ps315+%s",
			 tags_option_name(TAGS_DESCRIPTORS));
		return true;
	}
	*action = by_code(row, vr);
	snprintf(why, TAGS_WHY, "ps315 %s", code_name[row->code]);
	return true;
}

bool tags_ps315_identifies(uint32_t tag)
{
	const struct row *row = find_row(tag);

	return row && row->code != U && row->code != XZU &&
	       !(row->options & (PATIENT | DATES | UIDS));
}
