// Written by scripts/tld-list of twitter-text 3.1.0 (Apache License 2.0): data, the top-level domains that make a name an
// address for X, as app/compose/tld_list.c has them. Each name of ASCII is shortened by what it shares with the one before:
// a capital says by how much (A: nothing).
const ASCII =
    'AaaaCrpBbarthCbDottDvieCcCleCogadoCudhabiBcCademyCcentureDountantKsCoCtiveDorBdCacCsCultBeCgCroCtnaBfCamilycompanyClCricaB' +
    'gCakhanCencyBiCgDoCrbusDforceDtelBkdnBlCfaromeoCibabaDpayClfinanzDstateDyCsaceDtomBmCericanexpressIfamilyDxCfamCicaCsterda' +
    'mBnCalyticsCdroidCquanCzBoClBpartmentsCpDleBqCuarelleBrCabDmcoCchiCmyCpaCtDeBsCdaCiaCsociatesBtChletaCtorneyBuCctionCdiEbl' +
    'eEoCspostCthorDoEsBviancaBwCsBxCaBzCureAbaCbyCiduCnamexEnarepublicDdDkCrDcelonaElaycardHsDefootDgainsCseballDketballCuhaus' +
    'CyernBbCcCtCvaBcgCnBdBeCatsDutyCerCntleyCrlinCstEbuyCtBfBgBhCartiBiCbleCdCkeCngEoCoCzBjBlCackFfridayDncoCockbusterDgDomber' +
    'gCueBmCsCwBnClCpparibasBoCatsCehringerCfaCmCndCoDkEingDtsCschDtikEonCtCutiqueCxBqBrCadescoCidgestoneCoadwayDkerDtherCussel' +
    'sBsBtBudapestCgattiCildFersCsinessCyCzzBvBwByBzChAcaCbCfeClDlDvinkleinCmDeraDpCncerresearchDonCpetownDitalHoneCrDavanDdsDe' +
    'EerGsDsDtierCsaDeEihDhDinoCtDeringDholicBbaCnCreCsBcBdBebCnterCoCrnBfCaCdBgBhCanelEnelDrityDseDtCeapCintaiCloeCristmasDome' +
    'DyslerCurchBiCprianiCrcleCscoCtadelDiEcDyEeatsBkBlCaimsCeaningCickDnicFqueCothingDudCubEmedBmBnBoCachCdesCffeeCllegeDogneC' +
    'mDcastDmbankEunityDpanyFreEuterDsecCndosDstructionEultingDtactEractorsCokingHchannelDlDpCrsicaCuntryDponGsDrsesBpaBrCeditG' +
    'cardGunionCicketCownCsCuiseGsBscBuCisinellaBvBwBxByCmruCouBzAdaburCdCnceCtaDeDingDsunCyBclkBdsBeCalEerEsCgreeCliveryDlDoit' +
    'teDtaCmocratCntalEistCsiEgnCvBhlBiamondsCetCgitalCrectGoryCscountFverDhCyBjBkBmBnpBoCcsDtorCdgeCgChaCmainsCosanCtCwnloadBr' +
    'iveBtvBubaiCckCnlopDsCpontCrbanBvagCrBzAearthCtBcCoBdekaCuDcationBeBgBhBmailCerckBnergyCgineerIingCterprisesBpostCsonBquip' +
    'mentBrCicssonCniBsCqCtateCuranceBtCisalatBuCrovisionCsBventsDrbankBxchangeCpertDosedDressCtraspaceAfageCilDrwindsDthCmilyC' +
    'nDsCrmEersCshionDtBedexCedbackCrrariEeroBiCatCdelityDoClmCnalEnceGialCreEstoneDmdaleCshEingCtDnessBjBkBlickrDghtsDrCoristD' +
    'wersCsmidthCyBmBoCoDdEnetworkDtballCrdDexDsaleDumCundationCxBrCeeDseniusClCogansDntdoorFierBtrBujitsuExeroxCnDdCrnitureCtb' +
    'olByiAgaClDleryEoEupCmeEsCpCrdenCyBbCizBdCnBeCaCntEingCorgeBfBgCeeBhBiCftEsCvesDingBlCadeDssCeCobalEoBmCailCbhCoCxBnBodadd' +
    'yCldEpointDfCoDdhandsEyearDgEleCpCtCvBpBqBrCaingerDphicsDtisCeenCipeCoceryDupBsBtBuCardianCcciCgeCideDtarsCruBwByAhairCmbu' +
    'rgCngoutCusBboBdfcEbankBealthGcareClpDsinkiCreDmesBgtvBiphopCsamitsuCtachiCvBkCtBmBnBockeyCldingsDidayCmedepotEgoodsEsFens' +
    'eCndaDeywellCrseCspitalDtEingCtDelesFsDmailCuseCwBrBsbcBtCcBuCghesByattCundaiAibmBcbcCeCuBdBeCeeBfmBinetBkanoBlBmCamatCdbC' +
    'moEbilienBnCcCdustriesCfinitiDoCgCkCstituteDuranceFeCtDelErnationalDuitCvestmentsBoBpirangaBqBrCishBsCelectCmailiCtDanbulB' +
    'tCauCvBvecoBwcAjaguarCvaBcbCpBeCepCtztCwelryBioBlcClBmCpBnjBoCbsDurgCtCyBpCmorganCrsBuegosCniperAkaufenBddiBeCrryhotelsFlo' +
    'gisticsFpropertiesBfhBgBhBiCaCmCnderEleCtchenCwiBmBnBoelnCmatsuCsherBpCmgCnBrCdCedBuokgroupBwByCotoBzAlaCcaixaCdbrokesCmbo' +
    'rghiniDerCncasterEiaEomeDdEroverDxessCsalleCtDinoDrobeCwDyerBbBcBdsBeaseCclercCfrakCgalDoCxusBgbtBiCaisonCdlCfeEinsuranceE' +
    'styleCghtingCkeCllyCmitedDoCncolnDdeDkCpsyCveDingCxilBkBlcCpBoanEsCckerDusCftClCndonCtteEoCveBplDfinancialBrBsBtCdDaBuCndb' +
    'eckCpinCxeDuryBvByAmaCcysCdridCifDsonCkeupCnDagementDgoCpCrketGingGsDriottDshallsCseratiCttelBbaBcCdDonaldsCkinseyBdBeCdDi' +
    'aCetClbourneCmeDorialCnDuCoCrckmsdCtlifeBfBgBhBiamiCcrosoftClCniDtCtDsubishiBkBlCbCsBmCaBnBoCbiEleFyCdaCeCiCmCnashDeyDster' +
    'DtblancCparCrmonDtgageCscowCtoErcyclesCvDieEstarBpBqBrBsCdBtCnCpcCrBuCseumCtualEelleBvBwBxByBzAnaCbCdexCgoyaCmeCtionwideDu' +
    'raCvyBbaBcBeCcCtDbankDflixDworkCustarCwDhollandDsCxtEdirectDusBfClBgCoBhkBiCcoCkeDonCnjaCssanFyBlBoCkiaCrthwesternmutualEo' +
    'nCwDruzDtvBpBrCaCwBttBuBycBzAobiCserverBffDiceBkinawaBlayanGgroupCdnavyCloBmCegaBneCgCionClDineCyoursideBooBpenBracleDngeC' +
    'gDanicCientexpressDginsBsakaBtsukaCtBvhApaCgeCmperedchefCnasonicDeraiCrisDsDtnersEsEyCssagensCyBccwBeCtBfCizerBgBhCarmacyC' +
    'dCilipsConeDtoFgraphyFsCysioBiagetCcsDtetEuresCdCnDgDkConeerCzzaBkBlCaceDyEstationCumbingDsBmBnCcBohlCkerClitieCrnCstBrCam' +
    'ericaDxiCessCimeCoDdEuctionsDfDgressiveDmoDpertiesHyDtectionCuDdentialBsBtBubBwCcByAqaBponBuebecDstBvcAracingCdioCidBeCadD' +
    'lestateEtorFyCcipesCdDstoneDumbrellaChabCiseFnDtClianceCnDtEalsCpairDortDublicanCstEaurantCviewGsCxrothBichEardliDohCghtat' +
    'homeClCoCpBmitBoCcherDksCdeoCgersComBsCvpBuCgbyChrCnBwCeByukyuAsaCarlandCfeEtyCkuraCleDonCmsclubEungCndvikHcoromantDofiCpD' +
    'oCrlCsCveCxoBbCiCsBcCaCbChaefflerDmidtDolarshipsEolDuleDwarzCienceCjohnsonCorDtBdBeCarchDtCcureFityCekClectCnerCrvicesCsCv' +
    'enCwCxDyBfrBgBhCangrilaDrpDwCellCiaDkshaCoesDpEpingDujiDwEtimeCriramBiClkCnaDglesCteBjBkCiDnCyDpeBlCingBmCartCileBnCcfBoCc' +
    'cerDialCftbankEwareChuClarDutionsCngDyCyBpaceCiegelCortDtCreadbettingBrClCtBsBtCadaDplesDrEhubDtebankFfarmEoilCcDgroupCock' +
    'holmDrageEeCreamCudioEyCyleBuCcksCppliesFyEortCrfDgeryCzukiBvBwatchCiftcoverDssBxByCdneyCmantecCstemsBzAtabCipeiClkCobaoCr' +
    'getCtamotorsErDtooCxDiBcCiBdCkBeamCchEnologyClDecityEfonicaCmasekCnnisCvaBfBgBhCdCeaterFreBiaaCcketsCendaCffanyCpsCresDolB' +
    'jCmaxxCxBkCmaxxBlBmCallBnBoCdayCkyoColsCpCrayCshibaCtalCursCwnCyotaDsBpBrCadeEingDiningDvelGchannelGersJinsuranceCustCvBtB' +
    'ubeCiCnesCshuBvCsBwBzAuaBbankCsBconnectBgBkBmBnicomDversityCoBolBpsBsByBzAvaCcationsCnaDguardBcBeCgasCnturesCrisignDsicher' +
    'ungCtBgBiCajesCdeoCgCkingCllasCnCpCrginCsaDionDtaFprintCvaDoBlaanderenBnBodkaClkswagenDvoCteDingDoCyageBuCelosAwalesDmartD' +
    'terCngEgouCrmanCtchFesBeatherHchannelCbcamDerDsiteCdDdingCiboDrBfBhoswhoBienCkiClliamhillCnDdowsDeDnersBmeBolterskluwerCod' +
    'sideCrkEsDldCwBsBtcCfAxboxBeroxBfinityBihuanCnBperiaBxxByzAyachtsChooCmaxunCndexBeBodobashiCgaCkohamaCuDtubeBtBunAzaCpposC' +
    'raBeroBipDpoBmBoneBuerichBw';

/** @type {Set<string>} */
export const asciiTlds = new Set();

let before = '';
for (const [, same, rest] of ASCII.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    before = before.slice(0, same.charCodeAt(0) - 65) + rest;
    asciiTlds.add(before);
}

/** All others, as the middle of an expression; one that another begins with stands behind it. */
export const wideTlds =
    'verm\u00f6gensberatung|verm\u00f6gensberater|\u0b9a\u0bbf\u0b99\u0bcd\u0b95\u0baa\u0bcd\u0baa\u0bc2\u0bb0\u0bcd|' +
    '\u0645\u0648\u0631\u064a\u062a\u0627\u0646\u064a\u0627|\u0627\u0644\u0633\u0639\u0648\u062f\u064a\u0629|' +
    '\u043a\u0430\u0442\u043e\u043b\u0438\u043a|\u0627\u062a\u0635\u0627\u0644\u0627\u062a|' +
    '\u0627\u0644\u0628\u062d\u0631\u064a\u0646|\u0627\u0644\u062c\u0632\u0627\u0626\u0631|' +
    '\u0627\u0644\u0639\u0644\u064a\u0627\u0646|\u0643\u0627\u062b\u0648\u0644\u064a\u0643|' +
    '\u0645\u0648\u0628\u0627\u064a\u0644\u064a|\u067e\u0627\u06a9\u0633\u062a\u0627\u0646|' +
    '\u0b87\u0ba8\u0bcd\u0ba4\u0bbf\u0baf\u0bbe|\u043c\u043e\u0441\u043a\u0432\u0430|\u043e\u043d\u043b\u0430\u0439\u043d|' +
    '\u0627\u0628\u0648\u0638\u0628\u064a|\u0627\u0631\u0627\u0645\u0643\u0648|\u0627\u0644\u0627\u0631\u062f\u0646|' +
    '\u0627\u0644\u0645\u063a\u0631\u0628|\u0627\u0645\u0627\u0631\u0627\u062a|\u0641\u0644\u0633\u0637\u064a\u0646|' +
    '\u0645\u0644\u064a\u0633\u064a\u0627|\u092d\u093e\u0930\u0924\u092e\u094d|\u0b87\u0bb2\u0b99\u0bcd\u0b95\u0bc8|' +
    '\u30d5\u30a1\u30c3\u30b7\u30e7\u30f3|\u0627\u06cc\u0631\u0627\u0646|\u0628\u0627\u0632\u0627\u0631|' +
    '\u0628\u06be\u0627\u0631\u062a|\u0633\u0648\u062f\u0627\u0646|\u0633\u0648\u0631\u064a\u0629|' +
    '\u0647\u0645\u0631\u0627\u0647|\u092d\u093e\u0930\u094b\u0924|\u0938\u0902\u0917\u0920\u0928|' +
    '\u09ac\u09be\u0982\u09b2\u09be|\u0c2d\u0c3e\u0c30\u0c24\u0c4d|\u0d2d\u0d3e\u0d30\u0d24\u0d02|' +
    '\u5609\u91cc\u5927\u9152\u5e97|\u0434\u0435\u0442\u0438|\u0441\u0430\u0439\u0442|\u0628\u0627\u0631\u062a|' +
    '\u0628\u064a\u062a\u0643|\u062a\u0648\u0646\u0633|\u0634\u0628\u0643\u0629|\u0639\u0631\u0627\u0642|' +
    '\u0639\u0645\u0627\u0646|\u0645\u0648\u0642\u0639|\u0680\u0627\u0631\u062a|\u092d\u093e\u0930\u0924|' +
    '\u09ad\u09be\u09b0\u09a4|\u09ad\u09be\u09f0\u09a4|\u0a2d\u0a3e\u0a30\u0a24|\u0aad\u0abe\u0ab0\u0aa4|' +
    '\u0b2d\u0b3e\u0b30\u0b24|\u0cad\u0cbe\u0cb0\u0ca4|\u0dbd\u0d82\u0d9a\u0dcf|\u30af\u30e9\u30a6\u30c9|' +
    '\u30b0\u30fc\u30b0\u30eb|\u30dd\u30a4\u30f3\u30c8|\u5927\u4f17\u6c7d\u8f66|\u7ec4\u7ec7\u673a\u6784|' +
    '\u96fb\u8a0a\u76c8\u79d1|\u9999\u683c\u91cc\u62c9|\u0431\u0435\u043b|\u043a\u043e\u043c|\u043c\u043a\u0434|' +
    '\u043c\u043e\u043d|\u043e\u0440\u0433|\u0440\u0443\u0441|\u0441\u0440\u0431|\u0443\u043a\u0440|\u049b\u0430\u0437|' +
    '\u0570\u0561\u0575|\u05e7\u05d5\u05dd|\u0639\u0631\u0628|\u0642\u0637\u0631|\u0643\u0648\u0645|\u0645\u0635\u0631|' +
    '\u0915\u0949\u092e|\u0928\u0947\u091f|\u0e04\u0e2d\u0e21|\u0e44\u0e17\u0e22|\u0ea5\u0eb2\u0ea7|\u307f\u3093\u306a|' +
    '\u30b9\u30c8\u30a2|\u30bb\u30fc\u30eb|\u4e2d\u6587\u7f51|\u5929\u4e3b\u6559|\u6211\u7231\u4f60|\u65b0\u52a0\u5761|' +
    '\u6de1\u9a6c\u9521|\u8bfa\u57fa\u4e9a|\u98de\u5229\u6d66|\u03b5\u03bb|\u03b5\u03c5|\u0431\u0433|\u0435\u044e|' +
    '\u0440\u0444|\u10d2\u10d4|\u30b3\u30e0|\u4e16\u754c|\u4e2d\u4fe1|\u4e2d\u56fd|\u4e2d\u570b|\u4f01\u4e1a|\u4f5b\u5c71|' +
    '\u4fe1\u606f|\u5065\u5eb7|\u516b\u5366|\u516c\u53f8|\u516c\u76ca|\u53f0\u6e7e|\u53f0\u7063|\u5546\u57ce|\u5546\u5e97|' +
    '\u5546\u6807|\u5609\u91cc|\u5728\u7ebf|\u5927\u62ff|\u5a31\u4e50|\u5bb6\u96fb|\u5de5\u884c|\u5e7f\u4e1c|\u5fae\u535a|' +
    '\u6148\u5584|\u624b\u673a|\u624b\u8868|\u62db\u8058|\u653f\u52a1|\u653f\u5e9c|\u65b0\u95fb|\u65f6\u5c1a|\u66f8\u7c4d|' +
    '\u673a\u6784|\u6e38\u620f|\u6fb3\u9580|\u70b9\u770b|\u73e0\u5b9d|\u79fb\u52a8|\u7f51\u5740|\u7f51\u5e97|\u7f51\u7ad9|' +
    '\u7f51\u7edc|\u8054\u901a|\u8c37\u6b4c|\u8d2d\u7269|\u901a\u8ca9|\u96c6\u56e2|\u98df\u54c1|\u9910\u5385|\u9999\u6e2f|' +
    '\ub2f7\ub137|\ub2f7\ucef4|\uc0bc\uc131|\ud55c\uad6d';
