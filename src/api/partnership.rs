//! `GET /api/corp/correlation/findPartnershipRelation` · 合作关系挖掘查询.

/// One relation as the vendor sends it, its texts borrowed from wherever they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RelationRef<'a> {
    /// `companyName`. The documents do not say which side supplies: the order is kept, the pair is treated as undirected.
    pub company_name: &'a str,
    /// `relatedCompanyName`.
    pub related_company_name: &'a str,
    /// `amount` in 万元 (10,000 yuan), as it came.
    pub amount: Option<&'a str>,
    /// `publicDate`, 报告期/公开时间, as it came.
    pub public_date: Option<&'a str>,
    /// `source`, 公开来源.
    pub source: Option<&'a str>,
    /// Fields this version does not know, as the text of one JSON object.
    pub extra: Option<&'a str>,
}

/// A reporting period or a publication date, as exact as the vendor's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// Four digits, 1900 to 2199.
    pub year: u16,
    /// 1 to 12, where the text names one.
    pub month: Option<u8>,
    /// 1 to 31, where the text names one (never without a month).
    pub day: Option<u8>,
}
