// The two sample answers as the vendor's documents print them, section 6.2.1 «Json 返回示例», without the PDF's page
// breaks and with the line break inside `companyNames` written as JSON has to write it.

export const SAMPLE_KEY = "9bc448a2ff6511e8890a6c92bf31542f";

export const SAMPLE_NAMES = ["企查查科技股份有限公司", "大连银行股份有限公司"];

/** 《合作关系挖掘查询》 */
export const PARTNERSHIP_SAMPLE = `{
"status": "200",
"msg": "【有效请求】查询成功",
"result": {
"requestId": "535d3329cf664265bfa6cb00a0185a53",
"key": "9bc448a2ff6511e8890a6c92bf31542f",
"companyNames": "企查查科技股份有限公司,大连银行股份有限公司\\n",
"partnershipRelationList": [
{
"companyName": "企查查科技股份有限公司",
"relatedCompanyName": "大连银行股份有限公司",
"amount": "34.8",
"publicDate": "2021-11",
"source": "招投标"
}
]
}
}`;

/** 《额度查询》 */
export const QUOTA_SAMPLE = `{
"status": "200",
"msg": "查询成功",
"result": [
{
"id": "radar_id",
"totalCount": 50,
"canDeletedCount": 50,
"consumedCount": 2
},{
"id": "bene_id",
"totalCount": 100,
"canDeletedCount": 30,
"consumedCount": 2
},{
"id": "natural_person_id",
"totalCount": 50,
"canDeletedCount": 15,
"consumedCount": 0
}
]
}`;
